import { ApiError, namespaces, type KubernetesClient, type ResourceType } from '@guildhall/kubernetes';
import { kinds, labels, type Condition } from '@guildhall/resources';
import type { DesiredNamespace, DesiredObject } from '../consortia/consortium-resources.ts';
import type { ClusterObject, ClusterView } from '../projections/cluster-view.ts';
import type { Projector } from '../projections/projector.ts';
import { StepError, type StepOutcome } from './operation.ts';

/** How the steps of every kind of operation reach the cluster. */
export interface ClusterSteps {
  applyNamespaces(namespaces: readonly DesiredNamespace[]): Promise<void>;
  applyObjects(objects: readonly DesiredObject[]): Promise<void>;
  annotate(object: ClusterObject, values: Record<string, string>): Promise<void>;
  remove(object: ClusterObject): Promise<void>;
  removeNamespace(name: string): Promise<void>;
  /** Names of the namespaces that Guildhall made. */
  namespaces(): Promise<string[]>;
  /** Looks whether all of these are Ready at the generation that they have now. */
  ready(what: string, refs: readonly ObjectRef[], now: Date): StepOutcome;
  view: ClusterView;
}

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

export const refOf = (object: DesiredObject): ObjectRef => ({
  kind: object.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
});

const typeOf = (kind: string): ResourceType<ClusterObject> => {
  const found = kinds.find((candidate) => candidate.type.kind === kind);
  if (!found) throw new Error(`there is no kind ${kind}`);
  return found.type;
};

/** A Stalled that lasts this long needs a person; a shorter one may be two watches that arrive in an unlucky order. */
const stalledForMs = 5000;

const conditionsOf = (object: ClusterObject | undefined): Condition[] =>
  ((object?.status ?? {}) as { conditions?: Condition[] }).conditions ?? [];

const current = (object: ClusterObject, type: string): Condition | undefined =>
  conditionsOf(object).find(
    (condition) => condition.type === type && (condition.observedGeneration ?? 0) >= (object.metadata.generation ?? 0),
  );

export const isReady = (object: ClusterObject | undefined): boolean =>
  object !== undefined && current(object, 'Ready')?.status === 'True';

const placeOf = (ref: ObjectRef): string => `${ref.kind} ${ref.namespace}/${ref.name}`;

export function createClusterSteps(dependencies: { client: KubernetesClient; view: ClusterView; projector: Projector }): ClusterSteps {
  const { client, view, projector } = dependencies;

  const apply = async (object: DesiredObject): Promise<ClusterObject> => {
    try {
      return await client.apply(typeOf(object.kind), object, { force: true });
    } catch (error) {
      if (error instanceof ApiError && (error.status === 422 || error.status === 400)) {
        throw new StepError(
          { code: 'INVALID_INPUT', message: `${placeOf(refOf(object))} was refused: ${error.message}`, nextAction: 'correct the request and send it again' },
          { cause: error },
        );
      }
      throw error;
    }
  };

  const firstStalled = (refs: readonly ObjectRef[], now: Date): { ref: ObjectRef; condition: Condition } | undefined => {
    for (const ref of refs) {
      const object = view.get(ref.kind, ref.namespace, ref.name);
      const condition = object && current(object, 'Stalled');
      if (condition?.status === 'True' && now.getTime() - Date.parse(condition.lastTransitionTime) > stalledForMs) return { ref, condition };
    }
    return undefined;
  };

  return {
    view,
    applyNamespaces: async (wanted) => {
      await Promise.all(
        wanted.map(({ name, labels: wantedLabels }) => client.apply(namespaces, { metadata: { name, labels: wantedLabels } }, { force: true })),
      );
    },
    applyObjects: async (objects) => {
      // The consortium first: whoever sees a member looks whether it is named there.
      const [first, ...rest] = objects;
      const applied = first ? [await apply(first), ...(await Promise.all(rest.map(apply)))] : [];
      await projector.project(applied);
    },
    annotate: async (object, values) => {
      await client.mergePatch(typeOf(object.kind), { namespace: object.metadata.namespace ?? '', name: object.metadata.name }, { metadata: { annotations: values } });
    },
    remove: (object) =>
      client.delete(typeOf(object.kind), { namespace: object.metadata.namespace ?? '', name: object.metadata.name }, object.metadata.uid === undefined ? {} : { uid: object.metadata.uid }),
    removeNamespace: (name) => client.delete(namespaces, { name }, {}),
    namespaces: async () => {
      const { items } = await client.list(namespaces, { labelSelector: `${labels.managedBy}=guildhall` });
      return items.map((item) => item.metadata.name);
    },
    ready: (what, refs, now) => {
      const waitingFor = refs.filter((ref) => !isReady(view.get(ref.kind, ref.namespace, ref.name)));
      if (waitingFor.length === 0) return { kind: 'done', message: `${refs.length} of ${refs.length} ${what} ready` };
      const stalled = firstStalled(waitingFor, now);
      if (stalled) {
        const message = `${placeOf(stalled.ref)}: ${stalled.condition.message}`;
        return { kind: 'fail', reason: stalled.condition.reason, problem: { code: 'CONFLICT', message, nextAction: 'mend the cause that the message names, then retry the operation' } };
      }
      const example = waitingFor[0];
      const object = example && view.get(example.kind, example.namespace, example.name);
      const why = object && conditionsOf(object).find((condition) => condition.type === 'Ready');
      const progress = `${refs.length - waitingFor.length} of ${refs.length} ${what} ready`;
      return {
        kind: 'wait',
        reason: why?.reason ?? 'Progressing',
        message: example ? `${progress}; ${example.namespace}/${example.name}: ${why?.message ?? 'not looked at yet'}` : progress,
        retryAfterMs: 5000,
      };
    },
  };
}
