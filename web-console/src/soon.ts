const shortMs = 200;

/** What is there within a moment; undefined when it takes longer, or does not come at all. */
export const soon = <T>(promise: Promise<T> | undefined): Promise<T | undefined> =>
  Promise.race([promise?.catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), shortMs))]);
