import { useState } from 'react';

export interface CursorPages {
  /** Undefined on the first page. */
  after: string | undefined;
  number: number;
  next: (endCursor: string) => void;
  back: () => void;
  first: () => void;
}

/** Pages by cursor, each at the same cost: the way back is remembered. @param of what is paged: another one begins at its first page */
export function useCursorPages(of: string): CursorPages {
  const [state, setState] = useState<{ of: string; cursors: readonly string[] }>({ of, cursors: [] });
  const cursors = state.of === of ? state.cursors : [];
  return {
    after: cursors.at(-1),
    number: cursors.length + 1,
    next: (endCursor) => setState({ of, cursors: [...cursors, endCursor] }),
    back: () => setState({ of, cursors: cursors.slice(0, -1) }),
    first: () => setState({ of, cursors: [] }),
  };
}
