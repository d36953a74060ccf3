/** One character, or a class of them. */
const one = String.raw`(?:\[(?:\\.|[^\]\\])+\]|\\[dDsSwW]|\\[pP]\{\w+(?:=\w+)?\}|\\[^\p{L}\p{N}]|[^\\[\](){}*+?|^$])`;
/** From the first character to the last, one after the other, and only the last as often as one likes: there is nothing to go back to. */
const linear = new RegExp(String.raw`^\^(?:${one}(?:\{\d+\})?)*(?:${one}(?:[*+?]|\{\d+,\d*\}))?\$$`, 'u');
/** Compiling takes time as well. */
const longest = 200;

/**
 * A contract's pattern, if it takes no more time than the text is long, as it may be a hostile author's who supplies the text too.
 * @returns undefined for every other, which is left to the contract
 */
export function linearPattern(text: string): RegExp | undefined {
  if (text.length > longest || !linear.test(text)) return undefined;
  try {
    // With the flag that contracts use.
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}
