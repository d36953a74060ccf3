import { useEffect, useState, type RefObject } from 'react';
import { firstMistake, mistakes } from './first-mistake.ts';

/** Leads to the first control or group of controls that is wrong. @returns to be called when what is wrong has been said */
export function useFirstMistake(within: RefObject<HTMLElement | null>): () => void {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) firstMistake([...(within.current?.querySelectorAll<HTMLElement>(mistakes) ?? [])])?.focus();
  }, [asked, within]);
  return () => setAsked((before) => before + 1);
}
