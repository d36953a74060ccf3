import type { Terminal } from './terminal.ts';

/** How the person at the terminal ends Guildhall. */
export interface Ending {
  /** Aborted when the end is first asked for. */
  readonly signal: AbortSignal;
  /** To be called for each signal that asks for the end. */
  ask(): void;
  /** Told of each part before it ends. */
  tell(part: string): void;
}

/** One Ctrl-C comes several times: from the terminal, from npm and from the set-up script. */
const sameMs = 1_000;
const tellEveryMs = 10_000;

/**
 * The first wish is followed. While it is, the person is told what is waited for, at times and when asked again; asked once more, Guildhall leaves at
 * once: what still runs is adopted, and can be ended, by the next start.
 */
export function createEnding({ terminal, leave, now = Date.now }: { terminal: Terminal; leave: () => void; now?: () => number }): Ending {
  const asked = new AbortController();
  let lastAskedAt = -Infinity;
  let again = 0;
  let waitsFor = 'everything to have started';

  const sayWhat = (more: string): void => terminal.line(`Guildhall is still ending; it waits for ${waitsFor}.${more}`);

  return {
    signal: asked.signal,
    ask() {
      const isSame = now() - lastAskedAt < sameMs;
      lastAskedAt = isSame ? lastAskedAt : now();
      if (!asked.signal.aborted) {
        terminal.line('\nGuildhall ends, and every node with it; a new start brings them back with their data.');
        asked.abort();
        setInterval(() => sayWhat(''), tellEveryMs).unref();
        return;
      }
      if (isSame) return;
      again++;
      if (again === 1) return sayWhat(' Ctrl-C once more leaves at once; what runs then is for the next start to take up.');
      terminal.line(`Guildhall leaves without having ended ${waitsFor}; the next start takes up what still runs.`);
      leave();
    },
    tell: (part) => {
      waitsFor = part;
    },
  };
}
