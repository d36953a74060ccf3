import { boundNames, childrenOf, type AnyNode } from './syntax.ts';

export interface Binding {
  /** 0: outside every function; 1: in the bundle's wrapper, where modules keep their own; deeper: within calls. */
  readonly functionDepth: number;
  /** What it was initialised with, where that is known. */
  readonly initial: AnyNode | undefined;
}

export interface Scope {
  readonly functionDepth: number;
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly parent: Scope | undefined;
}

export function resolve(scope: Scope | undefined, name: string): Binding | undefined {
  return scope && (scope.bindings.get(name) ?? resolve(scope.parent, name));
}

export const isFunction = (node: AnyNode): node is Extract<AnyNode, { params: unknown }> =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** The scope that a node opens for what is inside it, or the one it stands in. A function that is called where it stands adds no depth. */
export function scopeInside(node: AnyNode, outer: Scope | undefined, calledInPlace: boolean): Scope | undefined {
  const declared = declaredBy(node);
  if (!declared) return outer;
  const functionDepth = (outer?.functionDepth ?? 0) + (isFunction(node) && !calledInPlace ? 1 : 0);
  const bindings = new Map(declared.map(([name, initial]) => [name, { functionDepth, initial }]));
  return { functionDepth, bindings, parent: outer };
}

type Declared = readonly (readonly [name: string, initial: AnyNode | undefined])[];

function declaredBy(node: AnyNode): Declared | undefined {
  if (isFunction(node)) {
    const own = ['arguments', ...(node.id ? [node.id.name] : []), ...node.params.flatMap(boundNames)];
    return [...named(own), ...variables(node.body)];
  }
  switch (node.type) {
    case 'Program':
      return [...variables(node), ...lexical(node.body)];
    case 'BlockStatement':
    case 'StaticBlock':
      return lexical(node.body);
    case 'SwitchStatement':
      return lexical(node.cases.flatMap(({ consequent }) => consequent));
    case 'ForStatement':
      return node.init ? lexical([node.init]) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return lexical([node.left]);
    case 'CatchClause':
      return named(node.param ? boundNames(node.param) : []);
    case 'ClassExpression':
      return named(node.id ? [node.id.name] : []);
    default:
      return undefined;
  }
}

const named = (names: readonly string[]): Declared => names.map((name) => [name, undefined] as const);

/** `let`, `const`, classes and functions directly in a block. */
function lexical(statements: readonly AnyNode[]): Declared {
  return statements.flatMap((statement): Declared => {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
      return named(statement.id ? [statement.id.name] : []);
    return statement.type === 'VariableDeclaration' && statement.kind !== 'var' ? declarators(statement) : [];
  });
}

/** `var` anywhere within, outside inner functions. */
function variables(node: AnyNode): Declared {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') return declarators(node);
  return childrenOf(node).flatMap((child) => (isFunction(child) ? [] : variables(child)));
}

function declarators(declaration: Extract<AnyNode, { type: 'VariableDeclaration' }>): Declared {
  return declaration.declarations.flatMap(({ id, init }) =>
    boundNames(id).map((name) => [name, id.type === 'Identifier' ? (init ?? undefined) : undefined] as const),
  );
}
