import { createController, done, ensureFinalizer, removeFinalizer, type Controller, type KubernetesObject, type Ref, type Result } from '@guildhall/kubernetes';
import { consortium as consortiumKind, consortiumNamespace, finalizer, namespaceOwner, type Consortium } from '@guildhall/resources';
import { unconfirmed } from '../cluster/deletion.ts';
import { refKey } from '../cluster/informers.ts';
import { on } from '../cluster/watches.ts';
import type { OperatorContext } from '../context.ts';
import { isReady, waiting, whyNotReady, type Outcome } from '../outcome.ts';
import { admittedMembers } from '../references.ts';
import { decideConsortium } from './decide.ts';

export function createConsortiumController(context: OperatorContext): Controller {
  const { client, informers, statuses, clock } = context;

  async function reconcile(ref: Ref): Promise<Result> {
    const cached = informers.consortia.get(ref.namespace, ref.name);
    if (cached === undefined) return done;
    if (cached.metadata.deletionTimestamp !== undefined) return remove(cached);
    const consortium = await ensureFinalizer(client, consortiumKind.type, cached, finalizer);
    const members = admittedMembers(informers, consortium);
    const nodes = [...members.values()].flatMap((member) => informers.nodes.list(member.metadata.namespace).filter(({ spec }) => spec.member === member.metadata.name));
    const { outcome, findings } = decideConsortium({ consortium, members, nodes, channels: informers.channels.list(ref.namespace), contracts: informers.contracts.list(ref.namespace) });
    return statuses.write(consortiumKind.type, consortium, { outcome, findings });
  }

  /** Last of all: what belongs to the consortium goes first. */
  async function remove(consortium: Consortium): Promise<Result> {
    const wait = unconfirmed(consortium, 'ends all of its channels, contracts and nodes.') ?? remaining(consortium);
    if (wait === undefined) {
      await removeFinalizer(client, consortiumKind.type, consortium, finalizer);
      return done;
    }
    return statuses.write(consortiumKind.type, consortium, { outcome: wait });
  }

  function remaining({ metadata: { namespace = '', name }, spec }: Consortium): Outcome | undefined {
    // One that was put into another's namespace never had anything of its own.
    if (namespace !== consortiumNamespace(name)) return undefined;
    const left = [
      ...informers.contracts.list(namespace).map((contract) => `Contract ${contract.metadata.name}`),
      ...informers.channels.list(namespace).map((channel) => `Channel ${channel.metadata.name}`),
      ...spec.members.flatMap((member) => informers.nodes.list(member.namespace)).map((node) => `Node ${node.metadata.namespace ?? ''}/${node.metadata.name}`),
      ...informers.members.byIndex('consortium', refKey({ namespace, name })).map((member) => `Member ${member.metadata.namespace ?? ''}/${member.metadata.name}`),
    ];
    return left.length === 0 ? undefined : waiting('Deleting', `Waiting until these are deleted: ${left.slice(0, 10).join(', ')}${left.length > 10 ? `, and ${left.length - 10} more` : ''}.`);
  }

  const ofNamespace = ({ metadata: { namespace } }: KubernetesObject): Ref[] => informers.consortia.list(namespace).map(({ metadata }) => ({ namespace: namespace ?? '', name: metadata.name }));
  /** By the namespace's name: a Member may be gone before its nodes are. */
  const ofMemberNamespace = ({ metadata: { namespace } }: KubernetesObject): Ref[] => {
    const owner = namespaceOwner(namespace ?? '');
    return owner === undefined ? [] : [{ namespace: consortiumNamespace(owner.consortium), name: owner.consortium }];
  };

  return createController({
    name: 'consortium',
    type: consortiumKind.type,
    informer: informers.consortia,
    watches: [
      on(informers.members, ({ spec }) => [spec.consortium], standingOf),
      // The Member may be gone before its Node: while a consortium is deleted its name is on the Node's own children only.
      on(informers.nodes, ofMemberNamespace, standingOf),
      on(informers.channels, ofNamespace, standingOf),
      on(informers.contracts, ofNamespace, standingOf),
    ],
    concurrency: 2,
    reconcile: statuses.telling(consortiumKind.type, informers.consortia, reconcile),
    clock,
    logger: context.logger,
    ...(context.metrics ? { metrics: context.metrics } : {}),
  });
}

const standingOf = (object: Parameters<typeof isReady>[0]): unknown => isReady(object) || whyNotReady(object);
