import { parseSync } from 'vite';

/** Every text of a source that is not given to what no person reads. */
export function textsIn(file: string, code: string): string[] {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
  const found: string[] = [];
  visit(program as unknown as Node, found);
  return found;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []);
const at = (node: Node, field: string): Node | undefined => nodesOf(node[field])[0];

/** Types, and names of what is imported. */
const silent = /^(ImportDeclaration|ExportAllDeclaration|TS(?!AsExpression|SatisfiesExpression|NonNullExpression)\w+|TaggedTemplateExpression)$/;

function visit(node: Node, found: string[]): void {
  if (silent.test(node.type)) return;
  const pieces = piecesOf(node);
  if (pieces) found.push(...[patternOf(pieces)].filter((text) => text !== ''));
  for (const child of pieces ? pieces.filter(isNode) : childrenOf(node)) visit(child, found);
  // What a property is called may be shown as a word.
  if (node.type === 'Property' && node['computed'] !== true) found.push(nameOf(at(node, 'key')) ?? '');
}

function childrenOf(node: Node): Node[] {
  // What is asked may itself be a call that is given sentences.
  if (isForPrograms(node)) return nodesOf(node['callee']);
  if (isDescription(node)) return [];
  return Object.entries(node).flatMap(([field, value]) => (field === 'key' && node['computed'] !== true ? [] : nodesOf(value)));
}

/** Of the schema: GraphQL's own documentation is in English. */
const isDescription = (node: Node): boolean =>
  (node.type === 'Property' && nameOf(at(node, 'key')) === 'description') || (node.type === 'VariableDeclarator' && nameOf(at(node, 'id')) === 'described');

/** Work on texts, questions to the database, and what something is called in a log. */
const programs = /^(startsWith|endsWith|includes|indexOf|split|replace|replaceAll|match|matchAll|test|select|where|default|createOutageLog|guarded|insist|requeue|describe|enumType|inputType|objectRef)$/;
/** Faults of the program itself. */
const faults = /^(Error|TypeError|RangeError)$/;

function isForPrograms(node: Node): boolean {
  const callee = at(node, 'callee');
  if (!callee) return false;
  if (node.type === 'NewExpression') return faults.test(nameOf(callee) ?? '');
  const name = nameOf(callee) ?? '';
  const of = callee.type === 'MemberExpression' ? (nameOf(at(callee, 'object')) ?? '') : '';
  return programs.test(name) || /^(log|logger|console)$/.test(of);
}

type Piece = string | Node;

/** A text with what stands in it, however it is written; undefined for what is no text. */
function piecesOf(node: Node): Piece[] | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : undefined;
  if (node.type === 'TemplateLiteral') {
    const values = nodesOf(node['expressions']);
    return (node['quasis'] as { value: { cooked: string } }[]).flatMap(({ value: { cooked } }, index): Piece[] => {
      const value = values[index];
      return value ? [cooked, value] : [cooked];
    });
  }
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return undefined;
  const [left, right] = [at(node, 'left'), at(node, 'right')];
  const [before, after] = [left && piecesOf(left), right && piecesOf(right)];
  return left && right && (before ?? after) ? [...(before ?? [left]), ...(after ?? [right])] : undefined;
}

function patternOf(pieces: readonly Piece[]): string {
  const used = new Map<string, number>();
  const named = (name: string): string => {
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return `{{${name}${count === 1 ? '' : count}}}`;
  };
  return pieces.map((piece) => (typeof piece === 'string' ? piece : named(nameOf(piece) ?? 'value'))).join('').trim();
}

/** Functions that give a value back in another form. */
const forms = /^(join|map|toString|toISOString|toFixed|slice|filter|toSorted|trim|keys|values|String|stringify|flatMap|split|text)$/;

/** The name that a person would give it, from what the code calls it. */
function nameOf(node: Node | undefined): string | undefined {
  switch (node?.type) {
    case 'Identifier':
      return String(node['name']);
    case 'MemberExpression':
      return nameOf(at(node, node['computed'] === true ? 'object' : 'property'));
    case 'ChainExpression':
    case 'TSNonNullExpression':
      return nameOf(at(node, 'expression'));
    case 'AwaitExpression':
      return nameOf(at(node, 'argument'));
    case 'CallExpression':
      return nameOfCall(node);
    case 'ConditionalExpression':
      return nameOfChoice(at(node, 'consequent'), at(node, 'alternate'));
    case 'LogicalExpression':
    case 'BinaryExpression':
      return nameOf(at(node, 'left')) ?? nameOf(at(node, 'right'));
    default:
      return undefined;
  }
}

function nameOfCall(node: Node): string | undefined {
  const callee = at(node, 'callee');
  const name = nameOf(callee) ?? '';
  if (!forms.test(name)) return name;
  return callee?.type === 'MemberExpression' && nameOf(at(callee, 'object')) !== 'JSON' ? nameOf(at(callee, 'object')) : nameOf(at(node, 'arguments'));
}

/** Of the words that are chosen from, as in `isAre`: of each choice some, since a word alone is translated only where the name has it. */
function nameOfChoice(...branches: readonly (Node | undefined)[]): string | undefined {
  const words = branches.flatMap((branch) => (branch?.type === 'Literal' ? (String(branch['value']).match(/[A-Za-z]+/g) ?? []).slice(0, 4) : []));
  if (words.length === 0) return branches.map(nameOf).find((name) => name !== undefined);
  return words.map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}
