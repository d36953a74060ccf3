import type { ASTNode } from '@marcbachmann/cel-js';
import { fieldSchema, type Schema } from './schema.ts';

/*
 * The part of CEL that rules of CustomResourceDefinitions may use here: field selection, has(), comparisons, `in`, logic,
 * the conditional, + and -, literals and lists of them, size(), quantity(), and the methods below. Everything else is refused when the
 * definition is made, so that no rule ever means something else than on Kubernetes.
 */
const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const methods = new Set(['size', 'matches', 'startsWith', 'endsWith', 'contains', 'isLessThan']);
const functions = new Set(['has', 'size', 'quantity']);
const plain = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '||', '&&']);

/** What a place holds; undefined: something whose fields are nobody's business (a scalar, a literal). */
type Type = Schema | undefined;
type Scope = ReadonlyMap<string, Type>;

class Outside extends Error {}
const outside = (what: string): never => {
  throw new Outside(`${what} is outside of the subset of CEL that the local cluster knows`);
};

/** Kubernetes gives rules at the root of an object these fields of its metadata, and no others. */
const visibleMetadata: Schema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } };

export function outsideSubset(schema: Schema, ast: ASTNode): string | undefined {
  const isRoot = schema.properties?.['metadata'] !== undefined && schema.properties['spec'] !== undefined;
  const self: Schema = isRoot ? { ...schema, properties: { ...schema.properties, metadata: visibleMetadata } } : schema;
  try {
    typeOf(ast, new Map([['self', self], ['oldSelf', self]]));
    return undefined;
  } catch (error) {
    if (error instanceof Outside) return error.message;
    throw error;
  }
}

function typeOf(node: ASTNode, scope: Scope): Type {
  switch (node.op) {
    case 'value':
      return undefined;
    case 'id':
      if (!scope.has(node.args)) throw new Outside(`undeclared reference to '${node.args}'`);
      return scope.get(node.args);
    case '.':
      return select(node.args[0], node.args[1], scope);
    case 'list':
      return { type: 'array', ...itemsOf(node.args.map((item) => typeOf(item, scope))) };
    case '!_':
    case '-_':
      return typeOf(node.args, scope);
    case '?:': {
      typeOf(node.args[0], scope);
      typeOf(node.args[2], scope);
      return typeOf(node.args[1], scope);
    }
    case 'call':
      return functionCall(node.args[0], node.args[1], scope);
    case 'rcall':
      return methodCall(node.args[0], node.args[1], node.args[2], scope);
    default: {
      if (!plain.has(node.op)) return outside(`"${node.op}"`);
      const [left, right] = node.args as [ASTNode, ASTNode];
      const type = typeOf(left, scope);
      typeOf(right, scope);
      return node.op === '+' ? type : undefined;
    }
  }
}

const itemsOf = ([first]: Type[]): { items?: Schema } => (first ? { items: first } : {});

function select(target: ASTNode, field: string, scope: Scope): Type {
  const type = typeOf(target, scope);
  const found = type?.type === 'object' || type?.properties ? fieldSchema(type, field) : undefined;
  if (!found) throw new Outside(`undefined field '${field}'`);
  return found;
}

function functionCall(name: string, args: ASTNode[], scope: Scope): Type {
  if (!functions.has(name)) return outside(`${name}()`);
  for (const argument of args) typeOf(argument, scope);
  return undefined;
}

function methodCall(name: string, target: ASTNode, args: ASTNode[], scope: Scope): Type {
  const type = typeOf(target, scope);
  if (methods.has(name)) {
    for (const argument of args) typeOf(argument, scope);
    return undefined;
  }
  const [variable, body] = args;
  if (!macros.has(name) || args.length !== 2 || variable?.op !== 'id' || !body) return outside(`${name}()`);
  const element = type?.type === 'array' ? type.items : undefined;
  const result = typeOf(body, new Map([...scope, [variable.args, element]]));
  if (name === 'filter') return type;
  return name === 'map' ? { type: 'array', ...itemsOf([result]) } : undefined;
}
