import { isAsApplied, keyOf, ownedBy, pausedAnnotation, refOf, refOfKey, type Applied, type Pod, type StatefulSet } from '@guildhall/kubernetes';
import type { Consortium, Node } from '@guildhall/resources';
import type { OperatorContext } from '../../context.ts';
import { nodeNames } from '../../names.ts';
import { stallOf, waiting, type Outcome } from '../../outcome.ts';
import type { Membership } from '../../references.ts';
import { podState } from '../../workload/pod-state.ts';
import { isOutdated } from '../workload/stateful-set.ts';
import { isOpen } from './budget.ts';
import { circlesOf, isUp } from './circles.ts';
import { decideTurn } from './decide.ts';
import { obstacleIn } from './gate.ts';
import { createSlot } from './slot.ts';

export interface Verdict {
  /** The StatefulSet is to change. */
  changes: boolean;
  /** It may. */
  mayChange: boolean;
  /** The pod may be evicted. */
  mayLeave: boolean;
  /** Why the one or the other has to wait. */
  waits?: string;
  /** Only asking again tells what comes next. */
  again: boolean;
}

export interface Disruptions {
  /** Asks for a node whose StatefulSet is to become this. */
  ask(node: Node, membership: Membership, wanted: Applied<StatefulSet>): Promise<Verdict>;
  forget(node: Node): void;
}

/** A pod that is not ready for so long is down, not slow. */
const downAfterMs = 15_000;
/** A machine may be cordoned and never emptied: the turn goes round then. `kubectl drain` asks again every 5 s. */
const turnMs = 30_000;
const restMs = 15_000;
const askAgainMs = 1_000;
/** One that has not asked again for so long does not wait any more. */
const waitsMs = 5_000;

export function createDisruptions(context: Pick<OperatorContext, 'client' | 'informers' | 'nodes' | 'heights' | 'clock'>): Disruptions {
  const { informers, clock } = context;
  const slot = createSlot(context.client, clock);
  const waiters = new Map<string, { consortium: string; at: number }>();
  /** Since when a node has the turn only to leave its machine, and until when it lets others have it. */
  const leaving = new Map<string, number>();
  const resting = new Map<string, number>();

  const isDown = (pod: Pod | undefined): boolean => {
    const state = podState(pod);
    if (state.kind !== 'running') return true;
    const since = pod?.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False')?.lastTransitionTime;
    return !state.ready && since !== undefined && clock.now() - Date.parse(since) >= downAfterMs;
  };

  function isFree(holder: string | undefined): boolean {
    if (holder === undefined) return true;
    const { namespace, name } = refOfKey(holder);
    const node = informers.nodes.get(namespace, name);
    if (node === undefined) return true;
    const isLeft = node.metadata.deletionTimestamp !== undefined || stallOf(node) !== undefined || node.metadata.annotations?.[pausedAnnotation] === 'true';
    return isLeft && !isOpen(informers.budgets.get(namespace, name));
  }

  /** Whether its machine is cordoned, and others have not waited too long. */
  function leave(key: string, pod: Pod | undefined, hasTurn: boolean, consortium: Consortium): 'no' | 'yes' | 'rests' {
    if (informers.machines.get(undefined, pod?.spec.nodeName ?? '')?.spec?.unschedulable !== true) {
      leaving.delete(key);
      return 'no';
    }
    const now = clock.monotonic();
    if (now < (resting.get(key) ?? 0)) return 'rests';
    if (!hasTurn || isDown(pod)) leaving.delete(key);
    else {
      const since = leaving.get(key) ?? now;
      leaving.set(key, since);
      const othersWait = [...waiters].some(([other, { consortium: of, at }]) => other !== key && of === consortium.metadata.uid && now - at < waitsMs);
      if (othersWait && now - since >= turnMs) {
        leaving.delete(key);
        resting.set(key, now + restMs);
        return 'rests';
      }
    }
    return 'yes';
  }

  return {
    async ask(node, membership, wanted) {
      const { consortium } = membership;
      const ref = { namespace: node.metadata.namespace ?? '', name: node.metadata.name };
      const key = keyOf(ref);
      const current = informers.statefulSets.get(ref.namespace, ref.name);
      if (current === undefined) return { changes: true, mayChange: true, mayLeave: false, again: false };
      const pod = informers.pods.get(ref.namespace, nodeNames(ref.name).pod);
      const holder = await slot.holder(consortium);
      const changes = !isAsApplied(current, ownedBy(node, wanted));
      const left = leave(key, pod, holder === key, consortium);
      const leaves = left === 'yes';
      const obstacle = changes || leaves ? obstacleIn(circlesOf(context, node, membership)) : undefined;
      const { go, turn } = decideTurn({
        changes,
        leaves,
        isDown: isDown(pod),
        isSettled: pod !== undefined && !isOutdated(current, pod) && isUp(context, ref, membership) && !isOpen(informers.budgets.get(ref.namespace, ref.name)),
        turn: holder === key ? 'own' : isFree(holder) ? 'free' : 'other',
        obstacle,
      });
      const holds = turn === undefined || (await slot.give(consortium, holder, turn === 'take' ? key : undefined));
      if (go && holds) {
        waiters.delete(key);
        return { changes, mayChange: true, mayLeave: leaves, again: true };
      }
      if (!changes && left === 'no') {
        waiters.delete(key);
        return { changes, mayChange: true, mayLeave: false, again: holder === key && turn === undefined };
      }
      if (left !== 'rests') waiters.set(key, { consortium: consortium.metadata.uid ?? '', at: clock.monotonic() });
      return { changes, mayChange: !changes, mayLeave: false, waits: obstacle ?? (holder === undefined ? 'Another node has its turn.' : `Node ${holder} has its turn and is not back yet.`), again: true };
    },
    forget(node) {
      const key = keyOf(refOf(node));
      for (const memory of [waiters, leaving, resting]) memory.delete(key);
    },
  };
}

/** What is told of a node whose pod is to change or to leave: one that leaves is as good as before until then. */
export function withVerdict(outcome: Outcome, { changes, mayChange, mayLeave, waits, again }: Verdict): Outcome {
  if (outcome.kind === 'stalled') return outcome;
  const afterMs = again ? { afterMs: askAgainMs } : {};
  if (changes && !mayChange) {
    const { degraded } = outcome;
    return { ...waiting('WaitingForTurn', `Another pod is to take the place of this one. It waits for its turn: ${waits ?? ''}`, askAgainMs), ...(degraded ? { degraded } : {}) };
  }
  if (outcome.kind === 'waiting') return outcome;
  if (changes) return waiting('WaitingForPod', 'Another pod is to take the place of this one.', askAgainMs);
  const leaves = mayLeave ? ' Its machine is being emptied, and its pod may leave.' : waits === undefined ? '' : ` Its machine is being emptied; its pod waits for its turn to leave: ${waits}`;
  return { ...outcome, ...afterMs, message: `${outcome.message}${leaves}` };
}
