/** About how wide a character of a wide, bold font is, in parts of its size. */
function widthOf(character: string): number {
  if (/[\u2E80-\uFFEF]|\p{Extended_Pictographic}/u.test(character)) return 1;
  if (/[A-ZMWmw@%]/.test(character)) return 0.84;
  return /[iljt.,:;|!'()[\]]/.test(character) ? 0.42 : 0.68;
}

const segmenter = new Intl.Segmenter();
/** As people see them: a picture that is made of several code points is one. */
const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** SVG does not cut text off where its place ends. */
export function fitText(text: string, { width, fontSize }: { width: number; fontSize: number }): string {
  const room = width / fontSize;
  const characters = charactersOf(text);
  if (characters.reduce((sum, character) => sum + widthOf(character), 0) <= room) return text;
  let kept = '';
  let used = 1;
  for (const character of characters) {
    used += widthOf(character);
    if (used > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
