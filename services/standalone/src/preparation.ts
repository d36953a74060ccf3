import type { PreparationStep } from '@guildhall/control-plane';

/** How one thing that is prepared is told of. */
export interface Preparing {
  tell(message: string): void;
  /** It needs a person. */
  wait(message: string): void;
  succeed(message: string): void;
}

const titles = { programs: 'Programs of Fabric', console: 'Console' };

export interface Preparation {
  begin(what: keyof typeof titles): Preparing;
  steps(): readonly PreparationStep[];
  onChange(listener: () => void): () => void;
}

/** What is prepared while Guildhall runs already, for whoever wants to see how far it is. */
export function createPreparation(): Preparation {
  const steps: PreparationStep[] = [];
  const listeners = new Set<() => void>();
  return {
    begin: (what) => {
      const title = titles[what];
      const place = steps.length;
      const set = (state: PreparationStep['state']) => (message: string) => {
        steps[place] = { title, state, message: message.trim() };
        for (const listener of listeners) listener();
      };
      set('running')('it is being looked for');
      return { tell: set('running'), wait: set('waiting'), succeed: set('succeeded') };
    },
    steps: () => [...steps],
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
