/** Something that runs now. Adopted: it ran before. */
export interface Started {
  adopted: boolean;
  end: () => Promise<void>;
}

/** Ends the last first. One that does not end keeps nothing before it running. @throws what went wrong, together, after all were told to end */
export async function endAll(parts: readonly Started[]): Promise<void> {
  const errors: unknown[] = [];
  for (const { end } of parts.toReversed()) {
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
