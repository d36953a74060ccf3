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
  requeue,
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
import { faultOf, isAnswered, saysAlready, statusOf, unlessGone, type Standing } from '../request-status.ts';
import { decideIssuance, onlyMember, type RequestFacts } from './decide-issuance.ts';
import { answerOf, type IssuanceService, type Issued, type RequestIdentity } from './issuance-service.ts';

type Lookup<T extends KubernetesObject> = Pick<Informer<T>, 'get' | 'list'>;

export interface CertificateRequestReconcilerDependencies {
  readonly client: Pick<KubernetesClient, 'applyStatus' | 'delete'>;
  readonly issuance: IssuanceService;
  readonly requests: Lookup<CertificateRequest>;
  readonly members: Lookup<Member>;
  readonly nodes: Lookup<Node>;
  readonly services: Lookup<Service>;
  readonly installations: Lookup<ContractInstallation>;
  readonly exposureDomain?: string | undefined;
}

export function createCertificateRequestReconciler(dependencies: CertificateRequestReconcilerDependencies) {
  const { client, issuance, requests } = dependencies;

  async function write(request: CertificateRequest, standing: Standing, now: number, issued?: Issued): Promise<void> {
    const { name, namespace = '', uid = '' } = request.metadata;
    const answer = issued === undefined ? {} : answerOf(issued);
    await unlessGone(
      client.applyStatus(
        certificateRequest.type,
        { metadata: { name, namespace, uid }, status: { ...statusOf(request, standing, now), ...answer } },
        { force: true },
      ),
    );
  }

  async function deny(
    request: CertificateRequest,
    member: Member | undefined,
    why: string,
    { logger, now }: Pick<ReconcileContext, 'now' | 'logger'>,
  ): Promise<void> {
    const { profile } = request.spec;
    await issuance.deny(member?.metadata.uid, identityOfRequest(request), profile, why, new Date(now()));
    logger.warn({ profile, why }, 'denied a certificate');
    await write(request, { kind: 'stalled', reason: 'Denied', message: why }, now());
  }

  async function answer(request: CertificateRequest, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<void> {
    const now = context.now();
    const { profile } = request.spec;
    const facts = factsOf(request, dependencies);
    const decision = decideIssuance(request, facts);
    if (decision.kind === 'wait') {
      const standing: Standing = { kind: 'reconciling', reason: decision.reason, message: decision.message };
      if (!saysAlready(request, standing)) await write(request, standing, now);
      return;
    }
    if (decision.kind === 'deny') return deny(request, facts.member, decision.message, context);
    const issued = await issuance.answer(identityOf(decision.member), identityOfRequest(request), profile, decision.facts, new Date(now));
    if ('refused' in issued) return deny(request, decision.member, issued.refused, context);
    context.logger.info({ profile, fingerprint: issued.certificate.fingerprint }, 'issued a certificate');
    await write(
      request,
      { kind: 'ready', reason: 'Issued', message: `certificate ${issued.certificate.serialNumber} is issued` },
      now,
      issued,
    );
  }

  /** Also tells who asked when our own keys or records are at fault, which may be mended. */
  async function answerOrTell(request: CertificateRequest, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<void> {
    try {
      await answer(request, context);
    } catch (error) {
      const standing = faultOf(error);
      if (standing !== undefined && !saysAlready(request, standing)) await write(request, standing, context.now());
      throw error;
    }
  }

  return async (ref: Ref, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<Result> => {
    const request = requests.get(ref.namespace, ref.name);
    if (request === undefined || request.metadata.deletionTimestamp !== undefined) return done;
    if (request.spec.profile !== 'client') {
      if (!isAnswered(request)) await answerOrTell(request, context);
      return done;
    }
    const leftMs = clientRequestMs - ageMs(request, context.now());
    if (leftMs <= 0) {
      const { uid } = request.metadata;
      await client.delete(certificateRequest.type, ref, uid === undefined ? {} : { uid });
      context.logger.info({ profile: 'client' }, 'removed a request that whoever asked has left behind');
      return done;
    }
    if (!isAnswered(request)) await answerOrTell(request, context);
    return requeue(leftMs, 'removed when it is left behind');
  };
}

/**
 * A gateway takes the answer within seconds and deletes its request. One that was killed before does not, and nobody else can use the
 * certificate: the key was in its memory.
 */
const clientRequestMs = 10 * 60_000;

const ageMs = ({ metadata }: CertificateRequest, now: number): number => now - Date.parse(metadata.creationTimestamp ?? new Date(now).toISOString());

const identityOfRequest = ({ metadata }: CertificateRequest): RequestIdentity => ({
  uid: metadata.uid ?? '',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

function factsOf(
  { metadata, spec }: CertificateRequest,
  { members, nodes, services, installations, exposureDomain }: CertificateRequestReconcilerDependencies,
): RequestFacts {
  const { namespace } = metadata;
  const service = spec.service === undefined ? undefined : services.get(namespace, spec.service);
  const contract = service?.metadata.labels?.[labels.contract];
  return {
    member: onlyMember(members.list(namespace)),
    node: spec.node === undefined ? undefined : nodes.get(namespace, spec.node),
    service,
    installation: contract === undefined ? undefined : installations.get(namespace, contract),
    exposureDomain,
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
  dependencies: Pick<CertificateRequestReconcilerDependencies, 'client' | 'issuance' | 'exposureDomain'> & CertificateRequestInformers,
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
    // Enough to be busy while the database is asked; with more, the first certificates would come as late as the last.
    concurrency: 3,
    reconcile: createCertificateRequestReconciler(dependencies),
    ...options,
  });
}
