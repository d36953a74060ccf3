import { contractPath, contractsPath } from '../app/paths.ts';

export const callPath = (consortium: string, contract: string): string => `${contractPath(consortium, contract)}/call`;

const withSearch = (path: string, search: Readonly<Record<string, string>>): string => (Object.keys(search).length === 0 ? path : `${path}?${new URLSearchParams(search).toString()}`);

/** @param consortium for which a contract is sought: kept on the way to its deployment */
export const templatesPath = (consortium?: string): string => withSearch('/templates', consortium === undefined ? {} : { for: consortium });

/** The consortium that a contract is sought for. */
export const soughtFor = (search: URLSearchParams): string | undefined => search.get('for') ?? undefined;

/** Where the code of a contract begins: from a template, from a contract that stands, or anew. */
export type SourceStart = { kind: 'template'; template: string; version: string } | { kind: 'contract'; consortium: string; contract: string } | { kind: 'new' };

const searchOf = (start: SourceStart): Record<string, string> =>
  start.kind === 'template' ? { template: start.template, version: start.version } : start.kind === 'contract' ? { consortium: start.consortium, contract: start.contract } : {};

export function startOf(search: URLSearchParams): SourceStart {
  const at = (name: string): string => search.get(name) ?? '';
  if (at('template') !== '') return { kind: 'template', template: at('template'), version: at('version') };
  if (at('contract') !== '') return { kind: 'contract', consortium: at('consortium'), contract: at('contract') };
  return { kind: 'new' };
}

/** Names a draft: each beginning has its own. */
export const keyOfStart = (start: SourceStart): string => new URLSearchParams({ kind: start.kind, ...searchOf(start) }).toString();

export const sourcePath = (start: SourceStart, consortium?: string): string => withSearch('/templates/source', { ...searchOf(start), ...(consortium === undefined ? {} : { for: consortium }) });

/** What is deployed: a template, the draft of this key, or an image, which is named there. */
type Origin = { template: string; version: string } | { draft: string } | { image: string };

export const deployPath = (consortium: string, origin: Origin): string => withSearch(`${contractsPath(consortium)}/deploy`, origin);

export const upgradePath = (consortium: string, contract: string, origin?: Origin): string => withSearch(`${contractPath(consortium, contract)}/upgrade`, origin ?? {});
