import { SourceMap } from 'node:module';
import type { Bundle } from './bundle.ts';
import { problemAt, type Place, type Problem } from './problems.ts';
import { changingHelpers, judgeGlobal, judgeMember, mutators, type Verdict } from './rules.ts';
import { resolve, scopeInside, type Scope } from './scopes.ts';
import { childrenOf, parseScript, type AnyNode } from './syntax.ts';

/**
 * What in a bundle (not minified) would not give every member the same result. It reads what would really run, dependencies included, and
 * points at the sources. The realm takes the same things away at run time; this says so before, with the place.
 */
export function findProblems({ code, map }: Bundle): Problem[] {
  const sources = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  const problems: Problem[] = [];
  visit(parseScript(code), undefined, (node, { rule, message }) => problems.push(problemAt(placeOf(sources, node), rule, message)));
  // What has no place in the sources is a helper that esbuild added because of something that has one.
  const placed = problems.filter(({ file }) => file !== '');
  return placed.length > 0 ? placed : problems;
}

type Report = (node: AnyNode, verdict: Verdict) => void;

function visit(node: AnyNode, outer: Scope | undefined, report: Report, parent?: AnyNode): void {
  const scope = scopeInside(node, outer, outer?.functionDepth === 1 && parent?.type === 'CallExpression' && parent.callee === node);
  const verdict = isDivision(node) && !makesWhole(parent, scope) ? fraction : judge(node, scope);
  if (verdict) report(node, verdict);
  for (const child of evaluatedChildren(node)) visit(child, scope, report, node);
}

/** That of numbers shows when one of them is written out; BigInt's has no fractions, and a variable does not tell what it is. */
function isDivision(node: AnyNode): boolean {
  const written = (operand: AnyNode): boolean => operand.type === 'Literal' && typeof operand.value === 'number';
  if (node.type === 'AssignmentExpression') return node.operator === '/=' && written(node.right);
  return node.type === 'BinaryExpression' && node.operator === '/' && (written(node.left) || written(node.right));
}

function makesWhole(node: AnyNode | undefined, scope: Scope | undefined): boolean {
  if (node?.type === 'BinaryExpression') return ['|', '&', '^', '<<', '>>', '>>>'].includes(node.operator);
  if (node?.type === 'UnaryExpression') return node.operator === '~';
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { callee } = node;
  return globalName(callee.object, scope) === 'Math' && ['trunc', 'floor', 'ceil', 'round'].includes(propertyName(callee));
}

const fraction: Verdict = {
  rule: 'float',
  message: 'this division may leave a fraction: round it at once (Math.trunc, Math.floor), or use BigInt',
};

/** Without names that are no references: property names, labels. */
function evaluatedChildren(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case 'MemberExpression':
      return node.computed ? [node.object, node.property] : [node.object];
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return [...(node.computed ? [node.key] : []), ...(node.value ? [node.value] : [])];
    case 'LabeledStatement':
      return [node.body];
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return [];
    default:
      return childrenOf(node);
  }
}

function judge(node: AnyNode, scope: Scope | undefined): Verdict | undefined {
  switch (node.type) {
    case 'Identifier':
      return judgeName(node.name, scope);
    case 'MemberExpression':
      return judgeMember(globalName(node.object, scope), propertyName(node));
    case 'Literal':
      return typeof node.value === 'number' && !Number.isInteger(node.value)
        ? { rule: 'float', message: `${node.raw} is not whole: use whole numbers or BigInt` }
        : undefined;
    case 'ImportExpression':
    case 'MetaProperty':
      return { rule: 'dynamic-code', message: 'a contract cannot import at run time: its code is fixed when it is built' };
    case 'AssignmentExpression':
      return judgeWrite(node.left, scope);
    case 'UpdateExpression':
      return judgeWrite(node.argument, scope);
    case 'UnaryExpression':
      return node.operator === 'delete' ? judgeWrite(node.argument, scope) : undefined;
    case 'ForInStatement':
    case 'ForOfStatement':
      return judgeWrite(node.left, scope);
    case 'CallExpression':
      return judgeCall(node, scope);
    default:
      return undefined;
  }
}

/** esbuild writes `require` as a call of its helper. */
function judgeName(name: string, scope: Scope | undefined): Verdict | undefined {
  if (name === '__require') return judgeGlobal('require');
  return resolve(scope, name) ? undefined : judgeGlobal(name);
}

const globalName = (node: AnyNode, scope: Scope | undefined): string | undefined =>
  node.type === 'Identifier' && !resolve(scope, node.name) ? node.name : undefined;

function propertyName({ property, computed }: Extract<AnyNode, { type: 'MemberExpression' }>): string {
  if (!computed && property.type === 'Identifier') return property.name;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : '';
}

/** Code of a call that writes to what its module keeps: every call starts from nothing, so the write would be lost. */
function judgeWrite(target: AnyNode, scope: Scope | undefined): Verdict | undefined {
  const name = writtenNames(target).find((candidate) => isModuleState(candidate, scope));
  return name === undefined ? undefined : lost(name);
}

/** The variables that an assignment's left side writes to, or into. */
function writtenNames(target: AnyNode): string[] {
  switch (target.type) {
    case 'Identifier':
      return [target.name];
    case 'MemberExpression':
      return writtenNames(target.object);
    case 'ObjectPattern':
      return target.properties.flatMap((property) => writtenNames(property.type === 'RestElement' ? property.argument : property.value));
    case 'ArrayPattern':
      return target.elements.flatMap((element) => (element ? writtenNames(element) : []));
    case 'RestElement':
      return writtenNames(target.argument);
    case 'AssignmentPattern':
      return writtenNames(target.left);
    default:
      return [];
  }
}

function judgeCall({ callee, arguments: [first] }: Extract<AnyNode, { type: 'CallExpression' }>, scope: Scope | undefined): Verdict | undefined {
  if (callee.type !== 'MemberExpression') return undefined;
  const method = propertyName(callee);
  const helper = globalName(callee.object, scope);
  if (helper !== undefined) return first && changingHelpers.get(helper)?.has(method) ? judgeWrite(first, scope) : undefined;
  const [name] = mutators.has(method) ? writtenNames(callee.object) : [];
  return name !== undefined && holdsState(resolve(scope, name)?.initial, callee.object) ? judgeWrite(callee.object, scope) : undefined;
}

/** A plain object has none of the methods in question but its own, which need not change anything; what lies in it may. */
const holdsState = (initial: AnyNode | undefined, changed: AnyNode): boolean =>
  initial?.type === 'ArrayExpression' ||
  initial?.type === 'NewExpression' ||
  (initial?.type === 'ObjectExpression' && changed.type === 'MemberExpression');

/** Modules live in the bundle's wrapper, the first function; what runs deeper runs within a call (or once, at loading, if called there). */
const isModuleState = (name: string, scope: Scope | undefined): boolean =>
  resolve(scope, name)?.functionDepth === 1 && (scope?.functionDepth ?? 0) > 1;

const lost = (name: string): Verdict => ({
  rule: 'module-state',
  message: `${name} belongs to the module, and nothing there outlives a call: keep it on the ledger, or within the function`,
});

function placeOf(sources: SourceMap, { loc }: AnyNode): Place {
  const entry = sources.findEntry((loc?.start.line ?? 1) - 1, loc?.start.column ?? 0);
  if (!('originalSource' in entry)) return { file: '', line: 0, column: 0 };
  return { file: entry.originalSource.replace(/^contract:/, ''), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
