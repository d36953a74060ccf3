import { useRef } from 'react';

/** crypto.randomUUID is there for pages of https and of this machine alone. */
const randomKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * A key for what a form sends: the same for the same content, so that a second click and a lost answer do nothing twice; another
 * one for another content, which would be a conflict under the first.
 */
export function useIdempotencyKey(): (content: unknown) => string {
  const keys = useRef(new Map<string, string>());
  return (content) => {
    const text = JSON.stringify(content);
    const key = keys.current.get(text) ?? randomKey();
    keys.current.set(text, key);
    return key;
  };
}
