export const consortiumPath = (name: string): string => `/consortia/${encodeURIComponent(name)}`;
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
  return first === 'consortia' && second !== undefined ? ['', first, second, ...(third ? [third] : [])].join('/') : `/${first}`;
}
