import { isInvalid, type Clock, type KubernetesClient, type Logger } from '@guildhall/kubernetes';

type StatusClient = Pick<KubernetesClient, 'applyStatus'>;

/** How long a field that the installed kind does not have is left out before it is tried again: the kind may be newer then. */
const memoryMs = 60_000;

/**
 * The same client for a cluster whose kinds are older than this operator: a status is written without the fields that its kind does not have, which
 * Kubernetes otherwise refuses as a whole. Nothing that a person asked for is lost by it: a status only tells.
 */
export function leavingOutUndeclared(client: StatusClient, clock: Clock, logger: Logger): StatusClient {
  const undeclared = new Map<string, { fields: ReadonlySet<string>; until: number }>();

  const knownOf = (kind: string): ReadonlySet<string> => {
    const known = undeclared.get(kind);
    return known !== undefined && clock.monotonic() < known.until ? known.fields : new Set();
  };

  const applyStatus: StatusClient['applyStatus'] = async (type, object, options) => {
    const left = knownOf(type.kind);
    try {
      return await client.applyStatus(type, left.size === 0 ? object : { ...object, status: without(object.status, left) }, options);
    } catch (error) {
      const found = isInvalid(error) ? undeclaredIn(error.message).filter((field) => !left.has(field)) : [];
      if (found.length === 0) throw error;
      undeclared.set(type.kind, { fields: new Set([...left, ...found]), until: clock.monotonic() + memoryMs });
      logger.warn({ kind: type.kind, fields: found }, 'the installed kind is older than this operator and does not have fields that it tells of: install the chart guildhall-crds of this version');
      return applyStatus(type, object, options);
    }
  };
  return { applyStatus };
}

/** `.status.channels[name="trade"].leader: field not declared in schema` is the field `channels.leader`. */
const undeclaredIn = (message: string): string[] =>
  [...message.matchAll(/\.status\.(\S+): field not declared in schema/g)].map(([, path = '']) => path.replaceAll(/\[[^\]]*\]/g, ''));

function without(value: unknown, fields: ReadonlySet<string>, at = ''): object {
  if (Array.isArray(value)) return value.map((item: unknown) => (isObject(item) ? without(item, fields, at) : item));
  const path = (field: string): string => (at === '' ? field : `${at}.${field}`);
  return Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).flatMap(([field, inner]) => (fields.has(path(field)) ? [] : [[field, isObject(inner) ? without(inner, fields, path(field)) : inner]])),
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
