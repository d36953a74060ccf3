import { useLayoutEffect } from 'react';

let locks = 0;

/** Takes the place of the hook of @rc-component/portal (see vite.config.ts): the page does not scroll below a dialog. */
// oxlint-disable-next-line import/no-default-export
export default function useScrollLocker(lock?: boolean): void {
  useLayoutEffect(() => {
    if (!lock) return undefined;
    locks += 1;
    // The page keeps its width when its scroll bar goes.
    if (locks === 1) document.body.style.paddingInlineEnd = `${window.innerWidth - document.documentElement.clientWidth}px`;
    document.body.style.overflowY = 'hidden';
    return () => {
      locks -= 1;
      if (locks > 0) return;
      document.body.style.removeProperty('overflow-y');
      document.body.style.removeProperty('padding-inline-end');
    };
  }, [lock]);
}
