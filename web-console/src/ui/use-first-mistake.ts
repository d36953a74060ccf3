import { useEffect, useState, type RefObject } from 'react';

/** Leads to the first control that is wrong. @returns to be called when what is wrong has been said */
export function useFirstMistake(within: RefObject<HTMLElement | null>): () => void {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) within.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [asked, within]);
  return () => setAsked((before) => before + 1);
}
