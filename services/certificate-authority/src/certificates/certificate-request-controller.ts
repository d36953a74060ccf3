import {
  createController,
  done,
  type Controller,
  type ControllerOptions,
  type Informer,
  type KubernetesClient,
  type KubernetesObject,
  type ReconcileContext,
  type Ref,
  refOf,
  type Result,
  type Service,
} from '@guildhall/kubernetes';
import {
  certificateRequest,
  labels,
  type CertificateRequest,
  type ContractInstallation,
  type Member,
  type Node,
} from '@guildhall/resources';
import { identityOf } from '../authorities/member-controller.ts';
import { isAnswered, saysAlready, statusOf, unlessGone, type Standing } from '../request-status.ts';
import { decideIssuance, type RequestFacts } from './decide-issuance.ts';
import type { IssuanceService, Issued, RequestIdentity } from './issuance-service.ts';

type Lookup<T extends KubernetesObject> = Pick<Informer<T>, 'get' | 'list'>;

export interface CertificateRequestReconcilerDependencies {
  readonly client: Pick<KubernetesClient, 'applyStatus'>;
  readonly issuance: IssuanceService;
  readonly requests: Lookup<CertificateRequest>;
  readonly members: Lookup<Member>;
  readonly nodes: Lookup<Node>;
  readonly services: Lookup<Service>;
  readonly installations: Lookup<ContractInstallation>;
}

export function createCertificateRequestReconciler(dependencies: CertificateRequestReconcilerDependencies) {
  const { client, issuance, requests } = dependencies;

  async function write(request: CertificateRequest, standing: Standing, now: number, issued?: Issued): Promise<void> {
    const { name, namespace = '', uid = '' } = request.metadata;
    const answer =
      issued === undefined
        ? {}
        : {
            certificate: issued.certificate.pem,
            chain: issued.certificate.pem + issued.issuer.pem,
            notAfter: issued.certificate.notAfter.toISOString(),
          };
    await unlessGone(
      client.applyStatus(
        certificateRequest.type,
        { metadata: { name, namespace, uid }, status: { ...statusOf(request, standing, now), ...answer } },
        { force: true },
      ),
    );
  }

  return async (ref: Ref, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<Result> => {
    const request = requests.get(ref.namespace, ref.name);
    if (request === undefined || request.metadata.deletionTimestamp !== undefined || isAnswered(request)) return done;
    const now = context.now();
    const facts = factsOf(request, dependencies);
    const identity: RequestIdentity = {
      uid: request.metadata.uid ?? '',
      namespace: request.metadata.namespace ?? '',
      name: request.metadata.name,
    };
    const { profile } = request.spec;
    const decision = decideIssuance(request, facts);
    if (decision.kind === 'wait') {
      const standing: Standing = { kind: 'reconciling', reason: decision.reason, message: decision.message };
      if (!saysAlready(request, standing)) await write(request, standing, now);
    } else if (decision.kind === 'deny') {
      await issuance.deny(facts.member?.metadata.uid, identity, profile, decision.message, new Date(now));
      context.logger.warn({ profile, why: decision.message }, 'denied a certificate');
      await write(request, { kind: 'stalled', reason: 'Denied', message: decision.message }, now);
    } else {
      const issued = await issuance.answer(identityOf(decision.member), identity, profile, decision.facts, new Date(now));
      context.logger.info({ profile, fingerprint: issued.certificate.fingerprint }, 'issued a certificate');
      await write(
        request,
        { kind: 'ready', reason: 'Issued', message: `certificate ${issued.certificate.serialNumber} is issued` },
        now,
        issued,
      );
    }
    return done;
  };
}

function factsOf(
  { metadata, spec }: CertificateRequest,
  { members, nodes, services, installations }: CertificateRequestReconcilerDependencies,
): RequestFacts {
  const { namespace } = metadata;
  const [member, ...others] = members.list(namespace).filter((candidate) => candidate.metadata.deletionTimestamp === undefined);
  const service = spec.service === undefined ? undefined : services.get(namespace, spec.service);
  const contract = service?.metadata.labels?.[labels.contract];
  return {
    // A namespace is one member's; with a second Member in it nobody could say whose certificate this would be.
    member: others.length === 0 ? member : undefined,
    node: spec.node === undefined ? undefined : nodes.get(namespace, spec.node),
    service,
    installation: contract === undefined ? undefined : installations.get(namespace, contract),
  };
}

export interface CertificateRequestInformers {
  readonly requests: Informer<CertificateRequest>;
  readonly members: Informer<Member>;
  readonly nodes: Informer<Node>;
  readonly services: Informer<Service>;
  readonly installations: Informer<ContractInstallation>;
}

export function createCertificateRequestController(
  dependencies: Pick<CertificateRequestReconcilerDependencies, 'client' | 'issuance'> & CertificateRequestInformers,
  options: Pick<ControllerOptions<CertificateRequest, []>, 'clock' | 'limits' | 'logger' | 'metrics'>,
): Controller {
  const { requests, members, nodes, services, installations } = dependencies;
  const unanswered = ({ metadata }: KubernetesObject): Ref[] =>
    requests
      .list(metadata.namespace)
      .filter((request) => !isAnswered(request))
      .map(refOf);
  return createController({
    name: 'certificate-requests',
    type: certificateRequest.type,
    informer: requests,
    watches: [
      { informer: members, map: unanswered },
      { informer: nodes, map: unanswered },
      { informer: services, map: unanswered },
      { informer: installations, map: unanswered },
    ],
    concurrency: 8,
    reconcile: createCertificateRequestReconciler(dependencies),
    ...options,
  });
}
