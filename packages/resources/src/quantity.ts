const scale: Readonly<Record<string, number>> = { m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4, Pi: 1024 ** 5 };

/** Of a size or of processors, as clusters write them; NaN of anything else. */
export function amountOf(text: string): number {
  const [, digits = '', suffix = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (scale[suffix] ?? Number.NaN);
}
