const units: Readonly<Record<string, readonly [string, number]>> = { m: ['', 1000], Ki: ['Mi', 1024], Mi: ['Gi', 1024], Gi: ['Ti', 1024] };

/** As the API server spells it (resource.Quantity): the largest unit that keeps it whole. Otherwise what is applied would never look like what is there. */
export function canonicalQuantity(text: string): string {
  const [, digits = '', unit = ''] = /^([1-9][0-9]*)(m|[KMGT]i)?$/.exec(text) ?? [];
  const next = units[unit];
  if (next === undefined || Number(digits) % next[1] !== 0) return text;
  return canonicalQuantity(`${Number(digits) / next[1]}${next[0]}`);
}

const scale: Readonly<Record<string, number>> = { m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4, Pi: 1024 ** 5 };

/** Of a size as clusters write it; NaN when it is none. */
export function bytesOf(text: string): number {
  const [, digits = '', suffix = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (scale[suffix] ?? Number.NaN);
}
