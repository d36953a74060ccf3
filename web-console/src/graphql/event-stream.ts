import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { unreachable } from './problem.ts';

/** Server-sent events out of the body of an answer (EventSource cannot POST). Ends when the stream ends; throws when it falls silent. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { signal, silenceMs }: { signal: AbortSignal; silenceMs: number },
): AsyncGenerator<EventSourceMessage | 'alive', void> {
  const heard: (EventSourceMessage | 'alive')[] = [];
  const parser = createParser({ onEvent: (event) => heard.push(event), onComment: () => heard.push('alive') });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = (): Promise<never> =>
    new Promise((_, reject) => {
      timer = setTimeout(() => reject(unreachable(new Error(`nothing was heard for ${silenceMs / 1000} s`))), silenceMs);
    });
  try {
    for (;;) {
      const chunk = await Promise.race([reader.read(), silence()]);
      clearTimeout(timer);
      if (chunk.done) return;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* heard.splice(0);
    }
  } catch (error) {
    throw signal.aborted ? error : unreachable(error);
  } finally {
    clearTimeout(timer);
    // A stream that is broken already says so again.
    await reader.cancel().catch(() => undefined);
  }
}
