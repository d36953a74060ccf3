import { kinds, type GuildhallObject } from '@guildhall/resources';
import { startScriptedOperator } from './scripted-operator.ts';
import { ask, startWorld, type Answer, type World } from './world.ts';

export interface Harness extends World {
  url: string;
  token: string;
  graphql<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<Answer<T>>;
  /** Says of every object of ours that it is Ready, as its controllers would. */
  makeEverythingReady(): Promise<void>;
  /** Ends the control plane as a crash does not, and starts another on the same database and cluster. */
  restart(): Promise<void>;
}

/** One control plane in a world of its own. */
export async function startHarness(options: Parameters<World['start']>[0] = {}): Promise<Harness> {
  const world = await startWorld();
  // It only lets go of what is deleted.
  const operator = startScriptedOperator(world.admin, () => 'nothing');
  let controlPlane = await world.start(options);
  const token = await controlPlane.tokens.issueAdminToken();
  return {
    ...world,
    get url() {
      return controlPlane.url;
    },
    token,
    graphql: (query, variables) => ask(controlPlane.url, token, query, variables),
    makeEverythingReady: async () => {
      for (const kind of kinds) {
        const { items } = await world.admin.list(kind.type);
        for (const item of items as GuildhallObject<unknown, { conditions?: unknown[] }>[]) {
          if (item.status?.conditions) continue;
          const condition = { type: 'Ready', status: 'True', reason: 'Ready', message: 'as the test says', observedGeneration: item.metadata.generation, lastTransitionTime: new Date().toISOString() };
          await world.admin.applyStatus(kind.type, { metadata: { namespace: item.metadata.namespace ?? '', name: item.metadata.name }, status: { conditions: [condition] } }, { force: true });
        }
      }
    },
    restart: async () => {
      await controlPlane.stop();
      controlPlane = await world.start(options);
    },
    stop: async () => {
      operator.stop();
      await controlPlane.stop();
      await world.stop();
    },
  };
}
