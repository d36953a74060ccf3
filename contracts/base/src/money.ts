/** `minor` is a whole number of the currency's smallest unit, 1 to 10^15, as a decimal string; `ccy` is ISO 4217. */
export interface Money {
  readonly minor: string;
  readonly ccy: string;
}

export const maxMinor = 10n ** 15n;

export const minorOf = (money: Money): bigint => BigInt(money.minor);

export const money = (minor: bigint, ccy: string): Money => ({ minor: minor.toString(), ccy });

export const sumMinor = (parts: readonly Money[]): bigint => parts.reduce((sum, part) => sum + minorOf(part), 0n);

/**
 * Shares of a total in proportion to weights, by largest remainder, ties by id: they add up to the total exactly.
 * Weights are not negative and not all zero.
 */
export function apportion(total: bigint, weights: readonly { readonly id: string; readonly weight: bigint }[]): Map<string, bigint> {
  const sum = weights.reduce((all, { weight }) => all + weight, 0n);
  if (sum <= 0n || weights.some(({ weight }) => weight < 0n)) throw new RangeError('weights must not be negative and not all zero');
  const shares = weights.map(({ id, weight }) => ({ id, share: (total * weight) / sum, remainder: (total * weight) % sum }));
  const missing = total - shares.reduce((all, { share }) => all + share, 0n);
  const byRemainder = shares.toSorted((a, b) => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
  return new Map(byRemainder.map(({ id, share }, rank) => [id, BigInt(rank) < missing ? share + 1n : share]));
}
