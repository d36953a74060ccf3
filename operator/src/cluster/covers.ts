/** Whether `actual` has all that `desired` says. What else it has are the server's defaults and other owners' fields. */
export function covers(actual: unknown, desired: unknown): boolean {
  if (desired === undefined) return true;
  if (Array.isArray(desired)) {
    return Array.isArray(actual) && actual.length === desired.length && desired.every((item, index) => covers(actual[index], item));
  }
  if (isRecord(desired)) return Object.entries(desired).every(([key, value]) => covers(isRecord(actual) ? actual[key] : undefined, value));
  return actual === desired || sameQuantity(actual, desired);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const units: Readonly<Record<string, number>> = {
  '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40,
};

/** The API server writes quantities in their shortest form: 1024Mi comes back as 1Gi. */
function sameQuantity(one: unknown, other: unknown): boolean {
  const size = amount(one);
  return size !== undefined && size === amount(other);
}

function amount(text: unknown): number | undefined {
  const [, digits, unit = ''] = typeof text === 'string' ? (/^(\d+(?:\.\d+)?)(m|[kMGT]|[KMGT]i)?$/.exec(text) ?? []) : [];
  const factor = units[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
