import { Status } from '../ui/status.tsx';
import { knownState, toneOf } from './operation-state.ts';
import { useOperationWords } from './operation-words.ts';

/** Of an operation or of a step of it. */
export function OperationStatus({ state }: { state: string }) {
  const words = useOperationWords();
  const known = knownState(state);
  return <Status tone={known ? toneOf[known] : 'idle'}>{words.state(state)}</Status>;
}
