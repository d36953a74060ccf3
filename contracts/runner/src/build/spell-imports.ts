import { importWord } from '../realm/imports.ts';
import { BuildError, nowhere, problemAt } from './problems.ts';
import { childrenOf, parseScript, type AnyNode } from './syntax.ts';

/** Writes the word import with an escape where a text contains it: the runner refuses scripts in which it stands (see realm/imports.ts). */
export function spellImports(code: string): string {
  if (code.search(importWord) < 0) return code;
  const texts = textsOf(parseScript(code));
  return code.replace(importWord, (word, offset: number) => {
    if (texts.some(({ start, end }) => start < offset && offset < end)) return `\\x69${word.slice(1)}`;
    throw new BuildError([notAText]);
  });
}

const notAText = problemAt(nowhere, 'dynamic-code', 'the word import stands outside a text (as a property name or in a pattern): choose another name');

/** String literals and untagged templates: where an escape means the same as the letter. */
function textsOf(node: AnyNode): { start: number; end: number }[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node];
  if (node.type === 'TaggedTemplateExpression') return [node.tag, ...node.quasi.expressions].flatMap(textsOf);
  // An element's text lies between its delimiters, which are not part of the node.
  if (node.type === 'TemplateElement') return [{ start: node.start - 1, end: node.end + 1 }];
  return childrenOf(node).flatMap(textsOf);
}
