import { readConsole, type Console } from '@guildhall/control-plane';
import { buildConsole } from '../../../scripts/web-console.js';
import type { Preparing } from './preparation.ts';

export interface ProvidedConsole {
  current(): Console;
  /** Resolves when nothing is built any more. */
  settled: Promise<void>;
}

export interface ConsoleOptions {
  preparing: Preparing;
  onProgress: (line: string) => void;
  /** Told why there is no console and what to do. */
  onMissing: (message: string) => void;
  /** Ends a build. */
  signal: AbortSignal;
  build?: typeof buildConsole;
}

const sentence = (line: string): string => `${line.trim().replace(/^./, (first) => first.toUpperCase())}.`;

/** The console that is served: built beside everything else when its sources are newer than the last build. Without it the API works all the same. */
export function provideConsole({ preparing, onProgress, onMissing, signal, build = buildConsole }: ConsoleOptions): ProvidedConsole {
  let current: Console = { absent: 'The console is being prepared; this page shows it when it is there.', isComing: true };
  const progress = (line: string): void => {
    onProgress(line);
    preparing.tell(line);
    current = { absent: `${sentence(line)} This page shows the console when it is there.`, isComing: true };
  };
  const prepare = async (): Promise<void> => {
    try {
      const built = await build(readConsole, { onProgress: progress, signal });
      current = built ?? { absent: 'This copy of Guildhall has no console; its API is at /graphql.', isComing: false };
      preparing.succeed(built ? 'it is there' : 'this copy of Guildhall has none');
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      onMissing(message);
      preparing.wait(message);
      current = { absent: `There is no console: ${message} The API works without it.`, isComing: false };
    }
  };
  return { settled: prepare(), current: () => current };
}
