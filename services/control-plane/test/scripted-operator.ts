import { isNotFound, type KubernetesClient } from '@guildhall/kubernetes';
import { channelMembership, kinds, node, type ChannelMembership, type GuildhallObject, type Node } from '@guildhall/resources';

type AnyObject = GuildhallObject<unknown, { conditions?: { type: string; observedGeneration?: number }[] }>;

export interface ScriptedOperator {
  /** What is asked of an object from now on; "ready" unless told otherwise. */
  answer: (object: AnyObject) => 'ready' | 'stalled' | 'nothing';
  stop(): void;
}

function goneMeanwhile(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/** Says of every object of ours how it is, as its controllers would, as soon as it sees that nobody has; what is deleted it lets go. */
export function startScriptedOperator(admin: KubernetesClient, answer: ScriptedOperator['answer'] = () => 'ready'): ScriptedOperator {
  const stopping = new AbortController();
  const operator: ScriptedOperator = { answer, stop: () => stopping.abort() };

  /** A peer shows the channels that its member's consents name it for, all of them caught up. */
  const showChannels = async (namespace: string, peer: string): Promise<void> => {
    const { items } = await admin.list(channelMembership.type, { namespace });
    const channels = items.filter(({ spec }) => spec.peers.includes(peer)).map(({ spec }) => ({ name: spec.channel.name, height: 1, lag: 0 }));
    await admin.mergePatch(node.type, { namespace, name: peer }, { status: { channels } }, { subresource: 'status' }).catch(goneMeanwhile);
  };

  const shown = async (object: AnyObject): Promise<void> => {
    const { namespace = '', name } = object.metadata;
    if (object.kind === 'Node' && (object as Node).spec.role === 'peer') await showChannels(namespace, name);
    if (object.kind === 'ChannelMembership') await Promise.all((object as ChannelMembership).spec.peers.map((peer) => showChannels(namespace, peer)));
  };

  const look = async (type: (typeof kinds)[number]['type'], object: AnyObject): Promise<void> => {
    const verdict = operator.answer(object);
    const { generation = 0, name, namespace = '', deletionTimestamp } = object.metadata;
    const wanted = verdict === 'stalled' ? 'Stalled' : 'Ready';
    if (deletionTimestamp !== undefined) {
      await admin.mergePatch(type, { namespace, name }, { metadata: { finalizers: null } }).catch(goneMeanwhile);
      return;
    }
    if (verdict === 'nothing') return;
    if (object.status?.conditions?.some((condition) => condition.type === wanted && condition.observedGeneration === generation)) return;
    const condition = { type: wanted, status: 'True', reason: wanted === 'Ready' ? 'Ready' : 'InvalidSpec', message: 'as the test says', observedGeneration: generation, lastTransitionTime: '2026-01-01T00:00:00Z' };
    await admin.applyStatus(type, { metadata: { namespace, name }, status: { conditions: [condition] } }, { force: true }).catch(goneMeanwhile);
    if (verdict === 'ready') await shown(object);
  };

  const follow = async (type: (typeof kinds)[number]['type']): Promise<void> => {
    const { items, resourceVersion } = await admin.list(type);
    for (const item of items) await look(type, item as AnyObject);
    for await (const event of admin.watch(type, { resourceVersion, signal: stopping.signal })) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') await look(type, event.object as AnyObject);
    }
  };
  for (const kind of kinds) void follow(kind.type);
  return operator;
}
