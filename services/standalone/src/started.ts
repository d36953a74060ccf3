/** Something that runs now. Adopted: it ran before. */
export interface Started {
  /** As the person who waits for its end is told. */
  name: string;
  adopted: boolean;
  end: () => Promise<void>;
}

/**
 * Ends the last first. One that does not end in order keeps nothing before it running.
 * @param tell is told of each part before it ends
 * @throws what went wrong, together, after all were told to end
 */
export async function endAll(parts: readonly Started[], tell: (name: string) => void = () => undefined): Promise<void> {
  const errors: unknown[] = [];
  for (const { name, end } of parts.toReversed()) {
    tell(name);
    try {
      await end();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'several parts did not end');
}

/** Takes back a start that failed: what it found running runs on. */
export const endStarted = (parts: readonly Started[]): Promise<void> => endAll(parts.filter(({ adopted }) => !adopted));
