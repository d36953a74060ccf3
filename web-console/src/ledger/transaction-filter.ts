export interface TransactionFilter {
  contract?: string;
  member?: string;
  key?: string;
  valid?: boolean;
}

/** What an address filters by. A key counts only together with its contract. */
export function filterOf(search: URLSearchParams): TransactionFilter {
  const [contract, member, key, valid] = ['contract', 'member', 'key', 'valid'].map((name) => search.get(name) || undefined);
  return {
    ...(contract === undefined ? {} : { contract }),
    ...(member === undefined ? {} : { member }),
    ...(contract === undefined || key === undefined ? {} : { key }),
    ...(valid === 'true' || valid === 'false' ? { valid: valid === 'true' } : {}),
  };
}

export function searchOf({ contract, member, key, valid }: TransactionFilter): Record<string, string> {
  return {
    ...(contract === undefined ? {} : { contract }),
    ...(member === undefined ? {} : { member }),
    ...(contract === undefined || key === undefined || key === '' ? {} : { key }),
    ...(valid === undefined ? {} : { valid: String(valid) }),
  };
}
