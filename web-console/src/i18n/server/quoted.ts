/** The text with what stands within quotation marks, as JSON writes a text, blanked out: of the same length, so that places in it are the same. */
export function withoutQuoted(text: string): string {
  let plain = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('"', from);
    const end = start === -1 ? -1 : endOfQuoted(text, start + 1);
    if (end === -1) return plain + text.slice(from);
    plain += `${text.slice(from, start)}"${'_'.repeat(end - start - 2)}"`;
    from = end;
  }
}

export const isQuoted = (text: string): boolean => text.startsWith('"') && endOfQuoted(text, 1) === text.length;

/** Behind the mark that ends it; -1 when none does. */
function endOfQuoted(text: string, from: number): number {
  for (let place = from; place < text.length; place += 1) {
    if (text[place] === '"') return place + 1;
    if (text[place] === '\\') place += 1;
  }
  return -1;
}
