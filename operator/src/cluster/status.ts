import { keyOf, type KubernetesClient, type ObjectMeta, type ResourceType } from '@guildhall/kubernetes';
import { canonicalJson, type Condition, type GuildhallObject } from '@guildhall/resources';
import { conditionsOf, type Outcome } from '../outcome.ts';

interface Base {
  conditions?: Condition[] | undefined;
  observedGeneration?: number | undefined;
}

/** What a controller found, without what every status has. Fields left undefined are not written. */
export type Findings<Status extends Base> = Omit<Status, keyof Base>;

const withoutUndefined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Items of a keyed list may come back in another order. */
const unordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unordered).toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]));
};
const comparable = (value: object): string => canonicalJson(unordered(value));

/**
 * Writes the status when it differs from the one that the cache has. All fields are the operator's own but those named in
 * `foreign`. An object that was deleted and made again meanwhile is not touched: its uid is a precondition.
 */
export async function writeStatus<Spec, Status extends Base>(
  client: Pick<KubernetesClient, 'applyStatus'>,
  type: ResourceType<GuildhallObject<Spec, Status>>,
  object: GuildhallObject<Spec, Status>,
  update: { outcome: Outcome; findings: Findings<Status>; now: number; foreign?: readonly (keyof Status & string)[] },
): Promise<boolean> {
  const { generation } = object.metadata;
  const foreign = new Set<string>(update.foreign ?? []);
  const previous = Object.fromEntries(Object.entries(object.status ?? {}).filter(([field]) => !foreign.has(field)));
  const conditions = conditionsOf(update.outcome, object.status?.conditions, { generation, now: update.now });
  const status = withoutUndefined({ ...update.findings, conditions, observedGeneration: generation });
  if (comparable(previous) === comparable(status)) return false;
  await client.applyStatus(type, { metadata: identityOf(object.metadata), status }, { force: true });
  return true;
}

const identityOf = ({ name, namespace, uid }: ObjectMeta): ObjectMeta => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(uid === undefined ? {} : { uid }),
});

export const nameOf = (object: { metadata: ObjectMeta }): string => keyOf(object.metadata);
