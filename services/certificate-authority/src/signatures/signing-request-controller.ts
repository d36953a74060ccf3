import {
  createController,
  done,
  requeue,
  type Controller,
  type ControllerOptions,
  type Informer,
  type KubernetesClient,
  type ReconcileContext,
  type Ref,
  type Result,
} from '@guildhall/kubernetes';
import { signingRequest, type Member, type SigningRequest } from '@guildhall/resources';
import { faultOf, isAnswered, saysAlready, statusOf, unlessGone, type Standing } from '../request-status.ts';
import type { FindAuthorities } from './agreed-channel.ts';
import { examine } from './examine.ts';
import { refusalOf, waitFor, type Refusal } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';
import type { Signed, SigningService } from './signing-service.ts';

export interface SigningRequestReconcilerDependencies {
  readonly client: Pick<KubernetesClient, 'applyStatus' | 'get'>;
  readonly requests: Pick<Informer<SigningRequest>, 'get'>;
  readonly members: Pick<Informer<Member>, 'list'>;
  readonly signing: SigningService;
  readonly authorities: FindAuthorities;
  readonly log: SignatureLog;
}

/** What is missing elsewhere is not watched: it is asked for again so often. */
const askAgainMs = 500;

export function createSigningRequestReconciler(dependencies: SigningRequestReconcilerDependencies) {
  const { client, requests, members, signing, authorities, log } = dependencies;

  async function write(request: SigningRequest, standing: Standing, now: number, signed?: Signed): Promise<void> {
    const { name, namespace = '', uid = '' } = request.metadata;
    const answer =
      signed === undefined
        ? {}
        : {
            signature: Buffer.from(signed.signature).toString('base64'),
            certificate: signed.certificate,
            signedAt: signed.signedAt.toISOString(),
          };
    await unlessGone(
      client.applyStatus(
        signingRequest.type,
        { metadata: { name, namespace, uid }, status: { ...statusOf(request, standing, now), ...answer } },
        { force: true },
      ),
    );
  }

  /** The one Member of the request's namespace. */
  function memberOf({ metadata }: SigningRequest): Member | undefined {
    const [member, ...others] = members.list(metadata.namespace).filter((candidate) => candidate.metadata.deletionTimestamp === undefined);
    return others.length === 0 ? member : undefined;
  }

  async function answer(request: SigningRequest, now: number): Promise<Signed> {
    const member =
      memberOf(request) ??
      waitFor('WaitingForMember', `namespace ${request.metadata.namespace ?? ''} does not hold exactly one Member`);
    const uid = member.metadata.uid ?? '';
    const published =
      (await authorities(uid)) ?? waitFor('WaitingForCertificateAuthority', `member ${member.metadata.name} has no administrator yet`);
    const admin = { mspId: member.spec.mspId, certificate: published.admin.certificate };
    const at = new Date(now);
    return signing.sign(uid, request, await examine(request, member, admin, at, { reader: client, authorities, log }), at);
  }

  async function decline(
    request: SigningRequest,
    { reason, message, final }: Refusal,
    context: Pick<ReconcileContext, 'now' | 'logger'>,
  ): Promise<Result> {
    const standing: Standing = { kind: final ? 'stalled' : 'reconciling', reason, message };
    if (final) {
      await signing.deny(memberOf(request)?.metadata.uid, request, message, new Date(context.now()));
      context.logger.warn({ purpose: request.spec.purpose, why: message }, 'denied a signature');
    }
    if (!saysAlready(request, standing)) await write(request, standing, context.now());
    return final ? done : requeue(askAgainMs, reason);
  }

  return async (ref: Ref, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<Result> => {
    const request = requests.get(ref.namespace, ref.name);
    if (request === undefined || request.metadata.deletionTimestamp !== undefined || isAnswered(request)) return done;
    let signed: Signed;
    try {
      signed = await answer(request, context.now());
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) return decline(request, refusal, context);
      const standing = faultOf(error);
      if (standing !== undefined && !saysAlready(request, standing)) await write(request, standing, context.now());
      throw error;
    }
    context.logger.info({ purpose: request.spec.purpose, intent: request.spec.intent.name }, 'signed');
    await write(
      request,
      { kind: 'ready', reason: 'Signed', message: `signed for ${request.spec.intent.kind} ${request.spec.intent.name}` },
      context.now(),
      signed,
    );
    return done;
  };
}

export function createSigningRequestController(
  dependencies: SigningRequestReconcilerDependencies & { readonly requests: Informer<SigningRequest> },
  options: Pick<ControllerOptions<SigningRequest, []>, 'clock' | 'limits' | 'logger' | 'metrics'>,
): Controller {
  return createController({
    name: 'signing-requests',
    type: signingRequest.type,
    informer: dependencies.requests,
    reconcile: createSigningRequestReconciler(dependencies),
    ...options,
  });
}
