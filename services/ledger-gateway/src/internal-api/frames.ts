import { sleep, type Clock } from '@guildhall/kubernetes';
import type { FollowedBlock } from '../blocks/follow-blocks.ts';
import type { WireError } from './wire-error.ts';
import { toWire } from './wire-value.ts';

/** How a stream of blocks ends: with what it failed with, or because the caller is to go on with another call. */
export type EndFrame = { readonly error: WireError } | { readonly goOn: true };

export interface FrameOptions {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** Ends the stream, for the caller to go on elsewhere. */
  readonly ending: AbortSignal;
  /** The stream failed; gives what the caller is told of it. */
  readonly onFailure: (error: unknown) => WireError;
}

/** Blocks as lines. An empty line shows that the stream lives while there is no block. */
export async function* frames(blocks: AsyncGenerator<FollowedBlock>, { clock, heartbeatMs, ending, onFailure }: FrameOptions): AsyncGenerator<string> {
  const line = (frame: object): string => `${JSON.stringify(frame)}\n`;
  let next = blocks.next();
  try {
    yield '\n'; // The caller learns at once that it is served.
    while (!ending.aborted) {
      const waited = new AbortController();
      const beat = sleep(clock, heartbeatMs, AbortSignal.any([waited.signal, ending])).then(() => undefined);
      const come = await Promise.race([next, beat]).finally(() => waited.abort());
      if (come === undefined) {
        if (!ending.aborted) yield '\n';
      } else if (come.done === true) {
        break;
      } else {
        yield line({ block: toWire(come.value) });
        next = blocks.next();
      }
    }
    yield line({ goOn: true } satisfies EndFrame);
  } catch (error) {
    yield line({ error: onFailure(error) } satisfies EndFrame);
  } finally {
    next.catch(() => undefined); // What it still comes to is nobody's concern.
  }
}
