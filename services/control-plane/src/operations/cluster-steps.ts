import { ApiError, isInvalid, isNotFound, namespaces, type KubernetesClient, type Namespace, type ResourceType } from '@guildhall/kubernetes';
import { annotations, labels, namespaceOwner } from '@guildhall/resources';
import type { NamespaceAccess } from '../consortia/namespace-access.ts';
import type { DesiredNamespace, DesiredObject } from '../consortia/consortium-resources.ts';
import { typeOf, type ClusterReader, type ObjectRef } from '../projections/cluster-reader.ts';
import type { ClusterObject, ClusterView } from '../projections/cluster-view.ts';
import type { Projector } from '../projections/projector.ts';
import { waitForLeaving } from './leaving-namespace.ts';
import { judgeReadiness, placeOf, refOf } from './readiness.ts';
import { StepError, type StepContext, type StepOutcome } from './operation.ts';

/** How the steps of every kind of operation reach the cluster. Everything ends when the step's signal does. */
export interface ClusterSteps {
  /** @returns what is waited for, when one of them is being deleted */
  applyNamespaces(namespaces: readonly DesiredNamespace[], context: StepContext): Promise<StepOutcome | undefined>;
  /** Applies, marks what it applied as this operation's, and lets queries see it. */
  applyObjects(objects: readonly DesiredObject[], context: StepContext): Promise<void>;
  /** Changes these fields of an object's spec and no other, marks it as this operation's, and lets queries see it. Refused with a conflict when it is not as it was read. */
  patchSpec(object: ClusterObject, spec: object, context: StepContext): Promise<void>;
  /** Deletes, confirmed by name; what is gone already is fine. */
  remove(objects: readonly ClusterObject[], deleteData: boolean, context: StepContext): Promise<void>;
  /** Of what the cluster does not have any more: queries do not show it from here on. */
  unproject(ref: ObjectRef): Promise<void>;
  /** The consortium's namespaces that Guildhall made, as the cluster has them now. */
  namespacesOf(consortium: string): Promise<Namespace[]>;
  removeNamespaces(names: readonly string[], context: StepContext): Promise<void>;
  /** Looks whether all of these are Ready for what this operation wrote, and whether one of these or of the others is Stalled. */
  ready(what: string, refs: readonly ObjectRef[], context: StepContext, others?: readonly ObjectRef[]): Promise<StepOutcome>;
  /** What is there of the consortium, of these kinds. That there is nothing is said by the cluster itself, never by a view that may be behind. */
  leftOf(consortium: string, kinds: readonly string[]): Promise<ClusterObject[]>;
  /** These objects as the cluster has them now; without those that it does not have. */
  existing(refs: readonly ObjectRef[]): Promise<ClusterObject[]>;
}

/** Set when an operation is retried: controllers that rest, because only a change could help, look again. */
const retryAnnotation = 'guildhall.dev/retry';

function knownType(kind: string): ResourceType<ClusterObject> {
  const type = typeOf(kind);
  if (!type) throw new Error(`there is no kind ${kind}`);
  return type;
}

const located = ({ kind, metadata }: DesiredObject): { type: ResourceType<ClusterObject>; ref: { namespace: string; name: string } } => ({
  type: knownType(kind),
  ref: { namespace: metadata.namespace ?? '', name: metadata.name },
});

/** Whoever made it would find its labels, its pods' rights and in the end itself gone. */
function refuseForeign(found: Namespace | undefined): void {
  if (found === undefined || found.metadata.labels?.[labels.managedBy] === 'guildhall') return;
  throw new StepError({
    code: 'CONFLICT',
    message: `the namespace ${found.metadata.name} is there already and is not Guildhall's`,
    nextAction: `cancel the operation and take another name for the consortium; if the namespace is meant for it, label it ${labels.managedBy}=guildhall, and retry`,
  });
}

/** What a schema refuses is refused again however often it is asked for. */
function refusalOf(error: unknown, object: DesiredObject): unknown {
  if (!isInvalid(error)) return error;
  return new StepError(
    { code: 'INVALID_INPUT', message: `${placeOf(refOf(object))} was refused: ${error.message}`, nextAction: 'cancel the operation, and begin one with a corrected input' },
    { cause: error },
  );
}

const markedBy = (object: DesiredObject, operationId: string): DesiredObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.operation]: operationId } },
});

export function createClusterSteps(dependencies: { client: KubernetesClient; view: ClusterView; reader: ClusterReader; projector: Pick<Projector, 'project' | 'unproject'>; access?: Pick<NamespaceAccess, 'grant'> | undefined }): ClusterSteps {
  const { client, view, reader, projector, access } = dependencies;

  const apply = async (object: DesiredObject, { signal, operationId }: StepContext): Promise<ClusterObject> => {
    try {
      signal.throwIfAborted();
      return await client.withSignal(signal).apply(knownType(object.kind), markedBy(object, operationId), { force: true });
    } catch (error) {
      throw refusalOf(error, object);
    }
  };

  const patch = async (object: ClusterObject, spec: object, { signal, operationId }: StepContext): Promise<ClusterObject> => {
    const { type, ref } = located(object);
    const { uid, resourceVersion } = object.metadata;
    try {
      signal.throwIfAborted();
      return await client.withSignal(signal).mergePatch(type, ref, { metadata: { uid, resourceVersion, annotations: { [annotations.operation]: operationId } }, spec });
    } catch (error) {
      throw refusalOf(error, object);
    }
  };

  const annotate = async (object: ClusterObject, values: Record<string, string>, signal: AbortSignal): Promise<void> => {
    const { type, ref } = located(object);
    signal.throwIfAborted();
    await client.withSignal(signal).mergePatch(type, ref, { metadata: { annotations: values } });
  };

  const removeOne = async (object: ClusterObject, deleteData: boolean, signal: AbortSignal): Promise<void> => {
    const { type, ref } = located(object);
    const confirmed = { [annotations.confirmDeletion]: object.metadata.name, ...(deleteData ? { [annotations.deleteData]: 'true' } : {}) };
    try {
      if (Object.entries(confirmed).some(([name, value]) => object.metadata.annotations?.[name] !== value)) await annotate(object, confirmed, signal);
      signal.throwIfAborted();
      await client.withSignal(signal).delete(type, ref, { uid: object.metadata.uid });
    } catch (error) {
      // 404: gone meanwhile. 409: another object has its name now, which the next look will find.
      if (!isNotFound(error) && !(error instanceof ApiError && error.status === 409)) throw error;
    }
  };

  return {
    leftOf: async (consortium, kinds) => {
      const seen = view.ofConsortium(consortium).filter((object) => kinds.includes(object.kind));
      if (seen.length > 0) return seen;
      return (await Promise.all(kinds.map((kind) => reader.ofConsortium(consortium, kind)))).flat();
    },
    existing: async (refs) => (await Promise.all(refs.map((ref) => reader.get(ref)))).flatMap((object) => object ?? []),
    applyNamespaces: async (wanted, { signal }) => {
      signal.throwIfAborted();
      const bound = client.withSignal(signal);
      // On one machine all of the cluster is Guildhall's.
      const there = access ? await Promise.all(wanted.map(({ name }) => bound.get(namespaces, { name }))) : [];
      for (const each of there) refuseForeign(each);
      const wait = waitForLeaving(there);
      if (wait !== undefined) return wait;
      await Promise.all(wanted.map(({ name, labels: wantedLabels }) => bound.apply(namespaces, { metadata: { name, labels: wantedLabels } }, { force: true })));
      if (access) await Promise.all(wanted.map(({ name }) => access.grant(name, signal)));
      return undefined;
    },
    applyObjects: async (objects, context) => {
      // The consortium first: whoever sees a member looks whether it is named there.
      const [first, ...rest] = objects;
      const applied = first ? [await apply(first, context), ...(await Promise.all(rest.map((object) => apply(object, context))))] : [];
      await projector.project(applied);
    },
    patchSpec: async (object, spec, context) => projector.project([await patch(object, spec, context)]),
    remove: async (objects, deleteData, { signal }) => {
      await Promise.all(objects.map((object) => removeOne(object, deleteData, signal)));
    },
    unproject: (ref) => projector.unproject(ref),
    namespacesOf: async (consortium) => {
      const { items } = await client.list(namespaces, { labelSelector: `${labels.managedBy}=guildhall` });
      return items.filter(({ metadata }) => namespaceOwner(metadata.name)?.consortium === consortium);
    },
    removeNamespaces: async (names, { signal }) => {
      signal.throwIfAborted();
      const bound = client.withSignal(signal);
      await Promise.all(names.map((name) => bound.delete(namespaces, { name }, {})));
    },
    ready: async (what, refs, context, others = []) => {
      const seen = (ref: ObjectRef) => ({ ref, object: view.get(ref.kind, ref.namespace, ref.name) });
      const judge = () => judgeReadiness(what, refs.map(seen), context, others.map(seen));
      const { outcome, notReady } = judge();
      if (context.attempt > 1 && outcome.kind === 'wait') {
        const mark = `${context.operationId}-${context.attempt}`;
        const rested = notReady.filter((object) => object.metadata.annotations?.[retryAnnotation] !== mark);
        await Promise.all(rested.map((object) => annotate(object, { [retryAnnotation]: mark }, context.signal)));
      }
      if (outcome.kind === 'wait') return { ...outcome, isOver: () => judge().outcome.kind !== 'wait' };
      // Who is told that it is done asks at once, and the rows may be behind what was judged here.
      if (outcome.kind === 'done') await projector.project(refs.flatMap((ref) => seen(ref).object ?? []));
      return outcome;
    },
  };
}
