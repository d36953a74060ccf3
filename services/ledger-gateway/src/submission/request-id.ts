/** A call's arguments and the request id in them, if they have one. */
export interface IdentifiedArguments {
  readonly args: readonly string[];
  readonly requestId: string | undefined;
}

/**
 * Contracts know a call that is made again by its request id, a field of their one argument, which is a JSON object. A call that has none gets `requestId`;
 * one that has its own keeps it, and the text of the argument is otherwise left as it is. Other forms of arguments have no request id.
 */
export function withRequestId(args: readonly string[], requestId: string): IdentifiedArguments {
  const [only, ...more] = args;
  const fields = only === undefined || more.length > 0 ? undefined : parseObject(only);
  if (only === undefined || fields === undefined) return { args, requestId: undefined };
  const own = fields['requestId'];
  if (own !== undefined) return { args, requestId: typeof own === 'string' ? own : undefined };
  const rest = only.trimStart().slice(1);
  const comma = Object.keys(fields).length === 0 ? '' : ',';
  return { args: [`{"requestId":${JSON.stringify(requestId)}${comma}${rest}`], requestId };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // Not JSON: the contract has another form of arguments.
  }
}
