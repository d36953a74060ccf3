const powers = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const scale: Readonly<Record<string, number>> = {
  m: 1e-3,
  ...Object.fromEntries(powers.map((prefix, power) => [prefix, 1000 ** power])),
  ...Object.fromEntries(powers.slice(1).map((prefix, power) => [`${prefix.toUpperCase()}i`, 1024 ** (power + 1)])),
};

/** As CEL's: what Kubernetes counts memory, disk and processors in. Throws for what is none. */
export class Quantity {
  readonly value: number;
  constructor(text: unknown) {
    const [, digits, suffix = ''] = /^([+-]?[0-9]+(?:\.[0-9]*)?)(m|[kMGTPE]|[KMGTPE]i)?$/.exec(String(text)) ?? [];
    if (digits === undefined) throw new Error('quantities must match the regular expression of a number with a suffix');
    this.value = Number(digits) * (scale[suffix] ?? 1);
  }
}
