export interface Place {
  /** Counted from 1. */
  line: number | null;
  column: number | null;
}

/** Where a problem stands within a text, at least one character long; a place that is gone with an edit is moved to the nearest that is there. */
export function rangeOf(text: string, { line, column }: Place): { from: number; to: number } {
  const lines = text.split('\n');
  const row = Math.min(Math.max(line ?? 1, 1), lines.length) - 1;
  const start = lines.slice(0, row).reduce((sum, each) => sum + each.length + 1, 0);
  const content = lines[row] ?? '';
  const offset = Math.min(Math.max(column ?? 1, 1) - 1, content.length);
  const word = /^[\w$]+/.exec(content.slice(offset))?.[0].length ?? 1;
  const from = start + offset;
  return { from, to: Math.min(from + word, text.length) };
}
