import { isDeepStrictEqual } from 'node:util';
import {
  createController,
  done,
  type Controller,
  type ControllerOptions,
  type Informer,
  type KubernetesClient,
  type ReconcileContext,
  type Ref,
  type Result,
} from '@guildhall/kubernetes';
import { member as memberKind, type Member } from '@guildhall/resources';
import type { AuthorityService } from './authority-service.ts';
import type { MemberIdentity } from './member-authorities.ts';

export interface MemberReconcilerDependencies {
  readonly client: Pick<KubernetesClient, 'applyStatus'>;
  readonly members: Pick<Informer<Member>, 'get'>;
  readonly authorities: AuthorityService;
}

/** Makes a Member's authorities once and publishes them in its status, where only this component's fields are touched. */
export function createMemberReconciler({ client, members, authorities }: MemberReconcilerDependencies) {
  return async (ref: Ref, context: Pick<ReconcileContext, 'now' | 'logger'>): Promise<Result> => {
    const member = members.get(ref.namespace, ref.name);
    if (member === undefined || member.metadata.deletionTimestamp !== undefined) return done;
    const identity = identityOf(member);
    const published = await authorities.ensure(identity, new Date(context.now()));
    if (isDeepStrictEqual(member.status?.certificateAuthority, published)) return done;
    const { name, namespace, uid } = identity;
    await client.applyStatus(
      memberKind.type,
      { metadata: { name, namespace, uid }, status: { certificateAuthority: published } },
      { force: true },
    );
    context.logger.info({ member: `${namespace}/${name}` }, 'published the certificate authorities');
    return done;
  };
}

export function createMemberController(
  dependencies: MemberReconcilerDependencies & { readonly members: Informer<Member> },
  options: Pick<ControllerOptions<Member, []>, 'clock' | 'limits' | 'logger' | 'metrics'>,
): Controller {
  return createController({
    name: 'member-authorities',
    type: memberKind.type,
    informer: dependencies.members,
    // Keys and signatures take processor time: one after the other, the first member can go on while the others' are made.
    concurrency: 1,
    reconcile: createMemberReconciler(dependencies),
    ...options,
  });
}

/** What authorities are kept by. An object of the API server always has a uid. */
export function identityOf({ metadata, spec }: Member): MemberIdentity {
  return { uid: metadata.uid ?? '', namespace: metadata.namespace ?? '', name: metadata.name, mspId: spec.mspId };
}
