import { useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => window.matchMedia(query).matches,
  );
}

/** As wide as a phone: tables are cards. */
export const usePhone = (): boolean => useMedia('(max-width: 699px)');

/** Below it the navigation is a drawer. */
export const useNarrow = (): boolean => useMedia('(max-width: 899px)');
