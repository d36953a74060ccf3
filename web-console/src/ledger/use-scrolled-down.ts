import { useEffect, useState } from 'react';

const nearTheTopPx = 160;

/** Whether the reader is further down the page, where rows that come in above would move what is being read. */
export function useScrolledDown(): boolean {
  const [down, setDown] = useState(() => window.scrollY > nearTheTopPx);
  useEffect(() => {
    const onScroll = (): void => setDown(window.scrollY > nearTheTopPx);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);
  return down;
}
