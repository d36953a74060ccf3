/**
 * A log that is read again begins with lines that were told before, unless it is the log of another process. Tells which are new: the reading
 * begins somewhere within what was told last, so its beginning is the end of that, as long as it is.
 */
export interface ToldLines {
  /** A reading of the last `size` lines begins. Gives for each of its lines those that are new: none, the line, or lines that were held back until it. */
  again(): (line: string) => string[];
}

/** @param size how many of the last lines are remembered */
export function createToldLines(size: number): ToldLines {
  const told: string[] = [];

  function tell(lines: string[]): string[] {
    told.push(...lines);
    if (told.length > size) told.splice(0, told.length - size);
    return lines;
  }

  return {
    again() {
      const before = [...told];
      /** Where within `before` the next line may stand; undefined when it is new in any case. */
      let places: number[] | undefined = [...before.keys()];
      let held: string[] = [];
      /** How many of the lines that are held are the end of what was told. */
      let known = 0;
      return (line) => {
        if (places === undefined) return tell([line]);
        places = places.filter((place) => before[place] === line).map((place) => place + 1);
        held.push(line);
        if (places.includes(before.length)) known = held.length;
        if (places.some((place) => place < before.length)) return [];
        // Another line cannot be among those that were told.
        places = undefined;
        const fresh = held.slice(known);
        held = [];
        return tell(fresh);
      };
    },
  };
}
