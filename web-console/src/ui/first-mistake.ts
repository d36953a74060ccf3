/** Controls that are wrong, and groups of controls that are wrong as a whole. */
export const mistakes = '[aria-invalid="true"], [data-wrong]';

interface Place<Other> {
  contains(other: Other): boolean;
  hasAttribute(name: string): boolean;
}

/** Where what is wrong is mended first: in a group at the control that is wrong, if one is. @param found in the order of the page */
export function firstMistake<Found extends Place<Found>>(found: readonly Found[]): Found | undefined {
  const [first] = found;
  return found.find((place) => first?.contains(place) && !place.hasAttribute('data-wrong')) ?? first;
}
