import { isAsApplied, keyOf, ownedBy, pausedAnnotation, refOf, refOfKey, type Applied, type Pod, type StatefulSet } from '@guildhall/kubernetes';
import type { Consortium, Node } from '@guildhall/resources';
import { isCordoned } from '../../cluster/watches.ts';
import type { OperatorContext } from '../../context.ts';
import { identityOf, nodeNames } from '../../names.ts';
import { stallOf } from '../../outcome.ts';
import type { Membership } from '../../references.ts';
import { isOutdated } from '../workload/stateful-set.ts';
import { hasClosed, isOpen } from './budget.ts';
import { circlesOf, isUp } from './circles.ts';
import { createCourtesy } from './courtesy.ts';
import { decideTurn, type Asked } from './decide.ts';
import { isDown } from './down.ts';
import { ledIn, obstacleIn, type Circle } from './gate.ts';
import { createLeaving } from './leaving.ts';
import { createSlot } from './slot.ts';
import type { Verdict } from './verdict.ts';
import { whyItWaits } from './waits.ts';

export interface Disruptions {
  /** Asks for a node whose StatefulSet is to become this. */
  ask(node: Node, membership: Membership, wanted: Applied<StatefulSet>): Promise<Verdict>;
  forget(node: Node): void;
}

export function createDisruptions(context: Pick<OperatorContext, 'client' | 'informers' | 'nodes' | 'heights' | 'clock'>): Disruptions {
  const { informers, clock } = context;
  const slot = createSlot(context.client, informers.consortia, clock);
  const leaving = createLeaving(clock);
  const courtesy = createCourtesy(clock);

  function nodeOf(holder: string | undefined): Node | undefined {
    if (holder === undefined) return undefined;
    const { namespace, name } = refOfKey(holder);
    return informers.nodes.get(namespace, name);
  }

  /** Nobody has the turn, or a node that does not go on by itself. */
  function isFree(holder: string | undefined): boolean {
    const node = nodeOf(holder);
    if (node === undefined) return true;
    return node.metadata.deletionTimestamp !== undefined || stallOf(node) !== undefined || node.metadata.annotations?.[pausedAnnotation] === 'true';
  }

  /** The turn leaves nobody whose pod may still be evicted. */
  async function pass(consortium: Consortium, from: string | undefined, to: string | undefined): Promise<boolean> {
    const node = nodeOf(from);
    if (node !== undefined && !(await hasClosed(context.client, identityOf(node.metadata)))) return false;
    return slot.give(consortium, from, to);
  }

  function isOnCordoned(pod: Pod | undefined): boolean {
    const machine = informers.machines.get(undefined, pod?.spec.nodeName ?? '');
    return machine !== undefined && isCordoned(machine);
  }

  function look(node: Node, membership: Membership, current: StatefulSet, wanted: Applied<StatefulSet>, holder: string | undefined): Asked & { cordoned: boolean } {
    const ref = identityOf(node.metadata);
    const key = keyOf(ref);
    const pod = informers.pods.get(ref.namespace, nodeNames(ref.name).pod);
    const cordoned = isOnCordoned(pod);
    if (!cordoned) leaving.stays(key);
    const changes = !isAsApplied(current, ownedBy(node, wanted));
    const leaves = cordoned && leaving.isTo(key, membership.consortium.metadata.uid ?? '', holder === key);
    const turn = holder === key ? 'own' : isFree(holder) ? 'free' : 'other';
    if (!changes && !leaves) courtesy.forget(key);
    return {
      cordoned,
      changes,
      leaves,
      isDown: isDown(pod, clock.now()),
      isSettled: pod !== undefined && !isOutdated(current, pod) && isUp(context, ref, node.spec.role, membership) && !isOpen(informers.budgets.get(ref.namespace, ref.name)),
      turn,
      obstacle: changes || leaves ? obstacleOf(key, { turn, holder }, circlesOf(context, node, membership)) : undefined,
    };
  }

  function obstacleOf(key: string, { turn, holder }: { turn: Asked['turn']; holder: string | undefined }, circles: readonly Circle[]): string | undefined {
    const obstacle = obstacleIn(circles);
    const led = ledIn(circles);
    if (led === undefined || turn === 'own') {
      courtesy.forget(key);
      return obstacle;
    }
    const yields = courtesy.yields(key, turn === 'free' && obstacle === undefined, holder);
    return obstacle ?? (yields && turn === 'free' ? `Who leads channel ${led}, or may, goes last: it waits to see whether another node wants the turn.` : undefined);
  }

  return {
    async ask(node, membership, wanted) {
      const { consortium } = membership;
      const { namespace, name } = node.metadata;
      const key = keyOf(refOf(node));
      const current = informers.statefulSets.get(namespace, name);
      if (current === undefined) return { changes: true, mayChange: true, mayLeave: false, again: false };
      const holder = await slot.holder(consortium);
      const asked = look(node, membership, current, wanted, holder);
      const { changes, leaves, cordoned } = asked;
      const { go, turn } = decideTurn(asked);
      const holds = turn === undefined || (await pass(consortium, holder, turn === 'take' ? key : undefined));
      const goes = go && holds;
      if (goes || !(changes || leaves)) leaving.settles(key);
      else leaving.waits(key, consortium.metadata.uid ?? '');
      if (goes) return { changes, mayChange: true, mayLeave: leaves, again: true };
      if (!changes && !cordoned) return { changes, mayChange: true, mayLeave: false, again: asked.turn === 'own' };
      return { changes, mayChange: !changes, mayLeave: false, waits: whyItWaits(asked, holder), again: true };
    },
    forget(node) {
      for (const memory of [leaving, courtesy]) memory.forget(keyOf(refOf(node)));
    },
  };
}
