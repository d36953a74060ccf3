export const consortiumPath = (name: string): string => `/consortia/${encodeURIComponent(name)}`;
export const nodesPath = (consortium: string): string => `${consortiumPath(consortium)}/nodes`;
export const nodePath = ({ consortium, member, name }: { consortium: string; member: string; name: string }): string =>
  `${nodesPath(consortium)}/${encodeURIComponent(member)}/${encodeURIComponent(name)}`;
export const addNodePath = (consortium: string): string => `${consortiumPath(consortium)}/add-node`;
export const channelsPath = (consortium: string): string => `${consortiumPath(consortium)}/channels`;
export const channelPath = (consortium: string, channel: string): string => `${channelsPath(consortium)}/${encodeURIComponent(channel)}`;
export const contractsPath = (consortium: string): string => `${consortiumPath(consortium)}/contracts`;
/** Below a part of its own: a contract may be called "deploy". */
export const contractPath = (consortium: string, contract: string): string => `${contractsPath(consortium)}/of/${encodeURIComponent(contract)}`;
export const topologyPath = (consortium: string): string => `${consortiumPath(consortium)}/topology`;
export const certificatesPath = (consortium: string): string => `${consortiumPath(consortium)}/certificates`;
export const operationPath = (id: string): string => `/operations/${encodeURIComponent(id)}`;

/** Undefined outside of a consortium. */
export function consortiumOfPath(pathname: string): string | undefined {
  const name = /^\/consortia\/([^/]+)/.exec(pathname)?.[1];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** The key of the navigation's item that an address belongs to. */
export function selectedItem(pathname: string): string {
  const [, first = '', second, third] = pathname.split('/');
  if (first !== 'consortia' || second === undefined) return `/${first}`;
  if (third === 'add-node') return `/consortia/${second}/nodes`;
  return third === undefined || third === '' ? `/consortia/${second}` : `/consortia/${second}/${third}`;
}
