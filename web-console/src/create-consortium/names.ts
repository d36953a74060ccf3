/** The rules of names; packages/resources has them for the server, and a test compares the two. */
const shortNames = /^[a-z](-?[a-z0-9])*$/;
const mspIds = /^[a-zA-Z][a-zA-Z0-9.-]*$/;
const systemContracts: ReadonlySet<string> = new Set(['cscc', 'escc', 'lscc', 'qscc', 'vscc']);
const roles = /^[a-z][a-z0-9-]*$/;

export const maxLengths = { shortName: 20, channelName: 40, contractName: 40, mspId: 64, applicationRole: 30, displayName: 200 } as const;

export const isShortName = (text: string): boolean => text.length <= maxLengths.shortName && shortNames.test(text);
export const isChannelName = (text: string): boolean => text.length <= maxLengths.channelName && shortNames.test(text);
export const isContractName = (text: string): boolean => text.length <= maxLengths.contractName && shortNames.test(text) && !systemContracts.has(text);
export const isMspId = (text: string): boolean => text.length <= maxLengths.mspId && mspIds.test(text);
export const isApplicationRole = (text: string): boolean => text.length <= maxLengths.applicationRole && roles.test(text);

/** Control characters, separators of lines, and marks that turn the direction of what follows. */
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
export const isDisplayName = (text: string): boolean => text.length <= maxLengths.displayName && text.isWellFormed() && !invisible.test(text);

/** north-bank as NorthBankMSP */
export function derivedMspId(name: string): string {
  const words = name.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  return words.length === 0 ? '' : `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}MSP`;
}

/** The first of trade-2, trade-3 … that is not taken. */
export function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const candidate = `${name.slice(0, maxLengths.shortName - end.length).replace(/-$/, '')}${end}`;
    if (!isTaken(candidate)) return candidate;
  }
}
