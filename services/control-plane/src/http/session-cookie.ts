import { longestSessionSeconds } from '../access/sessions.ts';

export interface SessionCookie {
  /** The session's id in a request's header; undefined also when there are two, one of which another host of the same site may have set. */
  read(header: string | undefined): string | undefined;
  set(id: string): string;
  clear(): string;
}

const idPattern = /^[A-Za-z0-9_-]{43}$/;

/** @param isSecure whether people reach the server by https: then the cookie is sent by it alone, and no other host of the site can set it */
export function createSessionCookie(isSecure: boolean): SessionCookie {
  const name = isSecure ? '__Host-guildhall_session' : 'guildhall_session';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    read: (header = '') => {
      const [value, ...more] = header
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(`${name}=`))
        .map((part) => part.slice(name.length + 1));
      return more.length === 0 && value !== undefined && idPattern.test(value) ? value : undefined;
    },
    set: (id) => `${name}=${id}; Max-Age=${longestSessionSeconds}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}
