/** Lines for the person at the terminal; logs go to files. */
export interface Terminal {
  line(text: string): void;
  /** Runs it, and says what it was and how long it took. */
  stage<T>(title: string, work: () => Promise<T>): Promise<T>;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 2 : 1).padStart(6);

export function createTerminal(write: (text: string) => void, now: () => number): Terminal {
  const line = (text: string): void => write(`${text}\n`);
  return {
    line,
    stage: async (title, work) => {
      const began = now();
      const result = await work();
      line(`  ${seconds(now() - began)} s  ${title}`);
      return result;
    },
  };
}
