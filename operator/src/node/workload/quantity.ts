const units: Readonly<Record<string, readonly [string, number]>> = { m: ['', 1000], Ki: ['Mi', 1024], Mi: ['Gi', 1024], Gi: ['Ti', 1024] };

/** As the API server spells it (resource.Quantity): the largest unit that keeps it whole. Otherwise what is applied would never look like what is there. */
export function canonicalQuantity(text: string): string {
  const [, digits = '', unit = ''] = /^([1-9][0-9]*)(m|[KMGT]i)?$/.exec(text) ?? [];
  const next = units[unit];
  if (next === undefined || Number(digits) % next[1] !== 0) return text;
  return canonicalQuantity(`${Number(digits) / next[1]}${next[0]}`);
}
