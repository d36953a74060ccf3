import { customResourceDefinitions, sleep, type Clock, type CustomResourceDefinition, type Health, type KubernetesClient, type Logger } from '@guildhall/kubernetes';
import { crd, group, version } from '@guildhall/resources';
import type { Problem } from '../outcome.ts';

type AnyKind = Parameters<typeof crd>[0];

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
}

/** Paths of fields, and values of fields, that a schema knows and another does not. */
export function lacking(installed: Schema | undefined, wanted: Schema, path: string): string[] {
  if (installed === undefined) return [path];
  const values = installed.enum === undefined ? [] : (wanted.enum ?? []).filter((value) => !installed.enum?.includes(value)).map((value) => `${path}=${String(value)}`);
  const fields = Object.entries(wanted.properties ?? {}).flatMap(([name, field]) => lacking(installed.properties?.[name], field, path === '' ? name : `${path}.${name}`));
  return [...values, ...fields, ...(wanted.items === undefined ? [] : lacking(installed.items, wanted.items, `${path}[]`))];
}

const schemaOf = (definition: CustomResourceDefinition): Schema | undefined => definition.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;

const upgrade = 'Install it: helm upgrade --install guildhall-crds charts/guildhall-crds.';
const shown = 5;

/** What is wrong with the cluster's definition of a kind; undefined when it knows all that this program was made with. */
export function definitionProblem(kind: AnyKind, installed: CustomResourceDefinition | undefined): Problem | undefined {
  if (installed === undefined) return { reason: 'Failed', message: `The cluster has no definition of ${kind.type.kind} (${kind.type.plural}.${group}). ${upgrade}` };
  const lacks = lacking(schemaOf(installed), schemaOf(crd(kind) as unknown as CustomResourceDefinition) ?? {}, '');
  if (lacks.length === 0) return undefined;
  const more = lacks.length > shown ? ` and ${lacks.length - shown} more` : '';
  // Told with a reason that the oldest definition knows.
  return { reason: 'Failed', message: `The cluster's definition of ${kind.type.kind} is older than this operator: it does not know ${lacks.slice(0, shown).join(', ')}${more}. ${upgrade}` };
}

export interface Definitions {
  problem(kind: string): Problem | undefined;
  /** Looks until the signal is aborted: at all of them, often, while something is wrong; at one after the other once nothing is. */
  follow(signal: AbortSignal): Promise<void>;
}

/** Until a definition is looked at again. */
const lookMs = { wrong: 5_000, right: 300_000 };

/** @param onChange told of each kind whose definition has another problem than before */
export function createDefinitions(
  { client, clock, logger, health }: { client: Pick<KubernetesClient, 'get'>; clock: Clock; logger: Logger; health: Health | undefined },
  kinds: readonly AnyKind[],
  onChange: (kind: string) => void,
): Definitions {
  const problems = new Map<string, Problem>();
  const missing = new Set<string>();
  health?.addReady('definitions', () => (missing.size === 0 ? undefined : [...missing].map((kind) => problems.get(kind)?.message).join(' ')));

  async function look(kind: AnyKind): Promise<void> {
    const name = kind.type.kind;
    const installed = await client.get(customResourceDefinitions, { name: `${kind.type.plural}.${group}` });
    const problem = definitionProblem(kind, installed);
    if (installed === undefined) missing.add(name);
    else missing.delete(name);
    if (problems.get(name)?.message === problem?.message) return;
    if (problem === undefined) {
      problems.delete(name);
      logger.info({ kind: name }, 'the definition of the kind is as it should be');
    } else {
      problems.set(name, problem);
      logger.error({ kind: name }, problem.message);
    }
    onChange(name);
  }

  return {
    problem: (kind) => problems.get(kind),
    async follow(signal) {
      let next = kinds;
      for (let turn = 0; !signal.aborted; turn += 1) {
        const failed = (await Promise.allSettled(next.map(look))).find((result) => result.status === 'rejected');
        if (failed !== undefined && !signal.aborted) logger.warn({ err: failed.reason }, 'the definitions of the kinds cannot be read');
        const isWrong = failed !== undefined || problems.size > 0;
        next = isWrong ? kinds : kinds.slice(turn % kinds.length).slice(0, 1);
        await sleep(clock, isWrong ? lookMs.wrong : lookMs.right / kinds.length, signal);
      }
    },
  };
}
