import type { KubernetesObject, ResourceType } from '@guildhall/kubernetes';
import type { Clock, Ids, WorkloadPorts } from '../cluster.ts';
import type { JsonObject } from '../json.ts';
import { qualified } from './failure.ts';
import type { Kind } from './kind.ts';
import type { Store, StoredObject } from '../store/store.ts';
import { builtInKinds } from '../schema/built-in-kinds.ts';
import { customResourceDefinition, kindOfDefinition } from '../schema/crd.ts';

/** What the verbs work with. */
export interface ApiContext {
  store: Store;
  clock: Clock;
  ids: Ids;
  ports: WorkloadPorts;
  /** RFC 3339, whole seconds. */
  now: () => string;
  /** Looks among built-in kinds and the definitions that `definitionOf` finds. */
  kindOf: (resource: string, definitionOf: (name: string) => StoredObject | undefined) => Kind | undefined;
}

export const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

export function createContext(options: { store: Store; clock: Clock; ids: Ids; ports: WorkloadPorts }): ApiContext {
  const now = (): string => new Date(options.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const builtIn = new Map([...builtInKinds, customResourceDefinition(now)].map((kind) => [qualified(kind), kind]));
  return {
    ...options,
    now,
    kindOf(resource, definitionOf) {
      const known = builtIn.get(resource);
      if (known) return known;
      const definition = resource.includes('.') ? definitionOf(resource) : undefined;
      return definition && kindOfDefinition(definition);
    },
  };
}

/** The wire boundary: what the kind's schema vouches for gets its TypeScript shape. */
export const typed = <T extends KubernetesObject>(_type: ResourceType<T>, object: JsonObject): T => object as unknown as T;

/** As everybody can see it now. */
export const servedKind = ({ store, kindOf }: ApiContext, resource: string): Kind | undefined =>
  kindOf(resource, (name) => store.get(definitions, '', name));
