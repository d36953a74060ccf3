import { isObject, type JsonObject } from '../json.ts';

/** A step of a path as fieldsV1 writes it: `f:name`, `k:{"name":"a"}`, `v:"a"`. */
export type PathElement = string;

/** A set of fields of an object: a trie of paths (structured-merge-diff, fieldpath/set.go). Never changed once shared. */
export interface FieldSet {
  /** Paths of one step that are in the set. */
  readonly members: ReadonlySet<PathElement>;
  /** What is in the set below a step. No child is empty. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

export const emptySet: FieldSet = { members: new Set(), children: new Map() };
export const isEmpty = (set: FieldSet): boolean => set.members.size === 0 && set.children.size === 0;

function make(members: Set<PathElement>, children: Map<PathElement, FieldSet>): FieldSet {
  for (const [element, child] of children) if (isEmpty(child)) children.delete(element);
  return { members, children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [element, child] of b.children) children.set(element, union(children.get(element) ?? emptySet, child));
  return make(a.members.union(b.members), children);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) children.set(element, intersection(child, b.children.get(element) ?? emptySet));
  return make(a.members.intersection(b.members), children);
}

/** What is in `a` and not in `b`; a member of `b` takes nothing below it away. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) children.set(element, difference(child, b.children.get(element) ?? emptySet));
  return make(a.members.difference(b.members), children);
}

/** As `difference`, but a member of `b` takes everything below it away too. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    if (!b.members.has(element)) children.set(element, recursiveDifference(child, b.children.get(element) ?? emptySet));
  }
  return make(a.members.difference(b.members), children);
}

export const below = (set: FieldSet, element: PathElement): FieldSet => set.children.get(element) ?? emptySet;

export const setOf = (...paths: string[][]): FieldSet => {
  const builder = createBuilder();
  for (const path of paths) builder.insert(path.map((field) => `f:${field}`));
  return builder.build();
};

export interface FieldSetBuilder {
  /** The empty path is the object itself, which nobody owns. */
  insert(path: readonly PathElement[]): void;
  build(): FieldSet;
}

export function createBuilder(): FieldSetBuilder {
  interface Node {
    members: Set<PathElement>;
    children: Map<PathElement, Node>;
  }
  const node = (): Node => ({ members: new Set(), children: new Map() });
  const root = node();
  return {
    insert(path) {
      let at = root;
      for (const element of path.slice(0, -1)) {
        let next = at.children.get(element);
        if (!next) at.children.set(element, (next = node()));
        at = next;
      }
      const last = path.at(-1);
      if (last !== undefined) at.members.add(last);
    },
    build: () => root,
  };
}

/** Every path in the set, parents before children. */
export function* paths(set: FieldSet, prefix: readonly PathElement[] = []): Generator<PathElement[]> {
  for (const element of [...new Set([...set.members, ...set.children.keys()])].sort()) {
    if (set.members.has(element)) yield [...prefix, element];
    yield* paths(below(set, element), [...prefix, element]);
  }
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const out: JsonObject = {};
  for (const element of [...new Set([...set.members, ...set.children.keys()])].sort()) {
    const child = set.children.get(element);
    const fields = child ? toFieldsV1(child) : {};
    out[element] = child && set.members.has(element) ? { '.': {}, ...fields } : fields;
  }
  return out;
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [element, value] of Object.entries(fields)) {
    if (element === '.' || !isObject(value)) continue;
    const child = fromFieldsV1(value);
    if (isEmpty(child) || Object.hasOwn(value, '.')) members.add(element);
    children.set(element, child);
  }
  return make(members, children);
}

/** As conflicts name it: `.spec.ports[containerPort=80,protocol="TCP"].name`. */
export function printPath(path: readonly PathElement[]): string {
  return path
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith('f:')) return `.${text}`;
      if (element.startsWith('v:')) return `[=${text}]`;
      if (element.startsWith('i:')) return `[${text}]`;
      const key: unknown = JSON.parse(text);
      return `[${Object.entries(isObject(key) ? key : {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
