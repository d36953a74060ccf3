import { createController, done, refOf, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { member as memberKind, type Member } from '@guildhall/resources';
import { refKey } from '../cluster/informers.ts';
import { nothingOfStatus, on, ownersOf } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { isReady, type Outcome } from '../outcome.ts';
import { clientProfiles, decideMember } from './decide.ts';

export function createMemberController(context: OperatorContext): Controller {
  const { informers, clients, statuses, clock } = context;

  async function reconcile(ref: Ref): Promise<Result> {
    const member = informers.members.get(ref.namespace, ref.name);
    if (member === undefined) {
      clients.retain(informers.members.list());
      return done;
    }
    if (member.metadata.deletionTimestamp !== undefined) return done;
    const siblings = informers.members.byIndex('consortium', refKey(member.spec.consortium));
    const consortium = informers.consortia.get(member.spec.consortium.namespace, member.spec.consortium.name);
    const first = decideMember({ member, consortium, siblings, refused: undefined });
    const nodes = informers.nodes.list(ref.namespace).filter(({ spec }) => spec.member === ref.name);
    const refused = first.kind === 'stalled' ? undefined : await clients.ensure(member, clientProfiles(member, nodes), clock.now());
    const outcome = refused === undefined ? first : decideMember({ member, consortium, siblings, refused });
    const findings = { nodes: { total: nodes.length, ready: nodes.filter(isReady).length } };
    const later: Outcome = outcome.kind === 'ready' ? { ...outcome, afterMs: renewalCheckMs } : outcome;
    return statuses.write(memberKind.type, member, { outcome: later, findings, foreign: ['certificateAuthority'] });
  }

  const ofNamespace = (object: KubernetesObject): Ref[] => informers.members.list(object.metadata.namespace).map(refOf);

  return createController({
    name: 'member',
    type: memberKind.type,
    informer: informers.members,
    watches: [
      on(informers.consortia, (consortium) => informers.members.byIndex('consortium', refKey({ namespace: consortium.metadata.namespace ?? '', name: consortium.metadata.name })).map(refOf), nothingOfStatus),
      // A duplicate may become the only one.
      on(informers.members, (member: Member) => informers.members.byIndex('consortium', refKey(member.spec.consortium)).filter((other) => other.metadata.uid !== member.metadata.uid).map(refOf), nothingOfStatus),
      on(informers.nodes, ofNamespace, (node) => [isReady(node), (node.status?.certificates ?? []).length > 0]),
      on(informers.certificateRequests, ownersOf('Member')),
    ],
    concurrency: 8,
    reconcile: statuses.telling(memberKind.type, informers.members, reconcile),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

/** The operator's own certificates live a day and are renewed after two thirds of it; a machine that slept may find them at their end. */
const renewalCheckMs = 60_000;
