/** Uids of what was deleted lately. A uid is never used again, so what is remembered too long does no harm; the oldest go. */
export interface Forgotten {
  add(uid: string): void;
  has(uid: string): boolean;
}

export function createForgotten(size = 10_000): Forgotten {
  const uids = new Set<string>();
  return {
    add: (uid) => {
      uids.add(uid);
      if (uids.size <= size) return;
      for (const oldest of uids) {
        uids.delete(oldest);
        return;
      }
    },
    has: (uid) => uids.has(uid),
  };
}
