import {
  createController,
  done,
  refOf,
  type Controller,
  type ControllerOptions,
  type Informer,
  type KubernetesClient,
  type ReconcileContext,
  type Ref,
  type Result,
} from '@guildhall/kubernetes';
import { clientIdentity, type ClientIdentity, type Member } from '@guildhall/resources';
import { identityOf } from '../authorities/member-controller.ts';
import { faultOf, isAnswered, saysAlready, statusOf, unlessGone, type Standing } from '../request-status.ts';
import { decideClientIdentity, onlyMember } from './decide-issuance.ts';
import { answerOf, type IssuanceService, type Issued, type RequestIdentity } from './issuance-service.ts';

export interface ClientIdentityReconcilerDependencies {
  readonly client: Pick<KubernetesClient, 'applyStatus'>;
  readonly issuance: IssuanceService;
  readonly identities: Pick<Informer<ClientIdentity>, 'get'>;
  readonly members: Pick<Informer<Member>, 'list'>;
}

const profile = 'application-client';

/** Answers each ClientIdentity once, with a certificate or a refusal that stands. */
export function createClientIdentityReconciler({ client, issuance, identities, members }: ClientIdentityReconcilerDependencies) {
  async function write(identity: ClientIdentity, standing: Standing, now: number, issued?: Issued): Promise<void> {
    if (issued === undefined && saysAlready(identity, standing)) return;
    const { name, namespace = '', uid = '' } = identity.metadata;
    const status = { ...statusOf(identity, standing, now), ...(issued === undefined ? {} : answerOf(issued)) };
    await unlessGone(client.applyStatus(clientIdentity.type, { metadata: { name, namespace, uid }, status }, { force: true }));
  }

  async function deny(identity: ClientIdentity, member: Member | undefined, why: string, { logger, now }: Pick<ReconcileContext, 'now' | 'logger'>): Promise<void> {
    await issuance.deny(member?.metadata.uid, requestOf(identity), profile, why, new Date(now()));
    logger.warn({ profile, why }, 'denied a certificate');
    await write(identity, { kind: 'stalled', reason: 'Denied', message: why }, now());
  }

  async function answer(identity: ClientIdentity, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<void> {
    const now = context.now();
    const member = onlyMember(members.list(identity.metadata.namespace));
    const decision = decideClientIdentity(identity, member);
    if (decision.kind === 'wait') return write(identity, { kind: 'reconciling', reason: decision.reason, message: decision.message }, now);
    if (decision.kind === 'deny') return deny(identity, member, decision.message, context);
    const issued = await issuance.answer(identityOf(decision.member), requestOf(identity), profile, decision.facts, new Date(now));
    if ('refused' in issued) return deny(identity, member, issued.refused, context);
    context.logger.info({ profile, fingerprint: issued.certificate.fingerprint }, 'issued a certificate');
    await write(identity, { kind: 'ready', reason: 'Issued', message: `certificate ${issued.certificate.serialNumber} is issued` }, now, issued);
  }

  return async (ref: Ref, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<Result> => {
    const identity = identities.get(ref.namespace, ref.name);
    if (identity === undefined || identity.metadata.deletionTimestamp !== undefined || isAnswered(identity)) return done;
    try {
      await answer(identity, context);
    } catch (error) {
      const standing = faultOf(error);
      if (standing !== undefined) await write(identity, standing, context.now());
      throw error;
    }
    return done;
  };
}

const requestOf = ({ metadata }: ClientIdentity): RequestIdentity => ({
  uid: metadata.uid ?? '',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

export function createClientIdentityController(
  dependencies: ClientIdentityReconcilerDependencies & { readonly identities: Informer<ClientIdentity>; readonly members: Informer<Member> },
  options: Pick<ControllerOptions<ClientIdentity, []>, 'clock' | 'limits' | 'logger' | 'metrics'>,
): Controller {
  const { identities, members } = dependencies;
  return createController({
    name: 'client-identities',
    type: clientIdentity.type,
    informer: identities,
    watches: [
      {
        informer: members,
        map: ({ metadata }) =>
          identities
            .list(metadata.namespace)
            .filter((identity) => !isAnswered(identity))
            .map(refOf),
      },
    ],
    concurrency: 1,
    reconcile: createClientIdentityReconciler(dependencies),
    ...options,
  });
}
