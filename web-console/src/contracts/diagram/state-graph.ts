import type { ContractKind, ContractOperation } from '../metadata.ts';

export interface StateEdge {
  /** Null: it comes into being. */
  from: string | null;
  to: string;
  operations: readonly string[];
}

/** Every way of a kind's records from a state to another, with the operations that lead there. */
export function edgesOf(kind: ContractKind, operations: readonly ContractOperation[]): StateEdge[] {
  const edges = new Map<string, { from: string | null; to: string; operations: string[] }>();
  for (const operation of operations) {
    const own = operation.kind === kind.name ? operation.transitions : [];
    const others = operation.also.filter((also) => also.kind === kind.name).flatMap(({ transitions }) => transitions);
    for (const { from, to } of [...own, ...others]) {
      const key = JSON.stringify([from, to]);
      const edge = edges.get(key) ?? { from, to, operations: [] };
      if (!edge.operations.includes(operation.name)) edge.operations.push(operation.name);
      edges.set(key, edge);
    }
  }
  return [...edges.values()];
}

/** How many steps each state is from the beginning, at least; what nothing leads to stands in the first column. */
export function ranksOf(kind: ContractKind, edges: readonly StateEdge[]): Map<string, number> {
  const ranks = new Map<string, number>();
  let reached = new Set(edges.filter(({ from }) => from === null).map(({ to }) => to));
  // What is made of another record and by itself stands where it is later: a child does not stand beside its parent's beginning.
  const later = new Set(edges.filter(({ from, to }) => from !== null && from !== to).map(({ to }) => to));
  const first = new Set([...reached].filter((state) => !later.has(state)));
  if (first.size > 0) reached = first;
  for (let rank = 1; reached.size > 0; rank += 1) {
    for (const state of reached) ranks.set(state, rank);
    const from = reached;
    reached = new Set(edges.filter((edge) => edge.from !== null && from.has(edge.from) && !ranks.has(edge.to)).map(({ to }) => to));
  }
  for (const { name } of kind.states) if (!ranks.has(name)) ranks.set(name, 1);
  return ranks;
}

interface Point {
  x: number;
  y: number;
}

export interface PlacedState extends Point {
  name: string;
  title: string;
  final: boolean;
  /** Operations that leave a record in this state. */
  staying: readonly string[];
}

export interface PlacedEdge {
  key: string;
  path: string;
  label: string;
  labelAt: Point;
}

export interface StateGraph {
  width: number;
  height: number;
  /** Where records come into being. */
  starts: readonly Point[];
  states: readonly PlacedState[];
  edges: readonly PlacedEdge[];
}

export const boxSize = { width: 132, height: 48 } as const;
const [columnWidth, rowHeight, margin, top, lead] = [270, 116, 24, 72, 120] as const;
const labelHeight = 16;
const characterWidth = 6.6;

const mix = (a: Point, b: Point, share: number): Point => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });

/** The middle of a cubic curve. */
const middleOf = (a: Point, b: Point, c: Point, d: Point): Point => ({ x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8, y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8 });

const pathOf = (...[a, b, c, d]: readonly [Point, Point, Point, Point]): string => `M ${a.x} ${a.y} C ${b.x} ${b.y}, ${c.x} ${c.y}, ${d.x} ${d.y}`;

/** A curve from box to box: to the right through the gap between columns, back and within a column around below. */
function curve(from: Point, to: Point): readonly [Point, Point, Point, Point] {
  const [half, bow] = [boxSize.width / 2, 60];
  if (to.x > from.x) {
    const [a, d] = [{ x: from.x + half, y: from.y }, { x: to.x - half, y: to.y }];
    return [a, { ...mix(a, d, 0.5), y: a.y }, { ...mix(a, d, 0.5), y: d.y }, d];
  }
  if (to.x === from.x) {
    const down = to.y > from.y ? 1 : -1;
    const [a, d] = [{ x: from.x + 20 * down, y: from.y + (boxSize.height / 2) * down }, { x: to.x + 20 * down, y: to.y - (boxSize.height / 2) * down }];
    return [a, mix(a, d, 0.3), mix(a, d, 0.7), d];
  }
  const [a, d] = [{ x: from.x - 30, y: from.y + boxSize.height / 2 }, { x: to.x + 30, y: to.y + boxSize.height / 2 }];
  return [a, { x: a.x - 40, y: a.y + bow }, { x: d.x + 40, y: d.y + bow }, d];
}

/** Into a state of the first column from the left, into any other from above: past the states before it. */
function beginning(to: Point, first: boolean): readonly [Point, Point, Point, Point] {
  const [a, d] = first
    ? [{ x: to.x - boxSize.width / 2 - lead, y: to.y }, { x: to.x - boxSize.width / 2, y: to.y }]
    : [{ x: to.x, y: to.y - boxSize.height / 2 - 44 }, { x: to.x, y: to.y - boxSize.height / 2 }];
  return [a, mix(a, d, 0.3), mix(a, d, 0.7), d];
}

interface Labelled {
  label: string;
  labelAt: Point;
}

/** Moves labels down until none lies on another. */
function apart<Item extends Labelled>(items: readonly Item[]): Item[] {
  const placed: Item[] = [];
  const covers = (a: Labelled, b: Labelled): boolean =>
    Math.abs(a.labelAt.y - b.labelAt.y) < labelHeight && Math.abs(a.labelAt.x - b.labelAt.x) < ((a.label.length + b.label.length) * characterWidth) / 2 + 8;
  for (const item of items.toSorted((a, b) => a.labelAt.y - b.labelAt.y)) {
    let moved = item;
    while (placed.some((other) => covers(moved, other))) moved = { ...moved, labelAt: { x: moved.labelAt.x, y: moved.labelAt.y + 4 } };
    placed.push(moved);
  }
  return placed;
}

/** Where states and the ways between them are drawn: a column for each step from the beginning. */
export function layOut(kind: ContractKind, operations: readonly ContractOperation[]): StateGraph {
  const edges = edgesOf(kind, operations);
  const ranks = ranksOf(kind, edges);
  const columns = [...new Set(ranks.values())].toSorted((a, b) => a - b).map((rank) => kind.states.filter(({ name }) => ranks.get(name) === rank));
  const rows = Math.max(1, ...columns.map((column) => column.length));
  const staying = (name: string): readonly string[] => edges.find(({ from, to }) => from === name && to === name)?.operations ?? [];
  const states: PlacedState[] = columns.flatMap((column, index) =>
    column.map((state, row) => ({
      ...state,
      staying: staying(state.name),
      x: margin + lead + boxSize.width / 2 + index * columnWidth,
      y: top + boxSize.height / 2 + row * rowHeight + ((rows - column.length) * rowHeight) / 2,
    })),
  );
  const at = new Map(states.map((state) => [state.name, state]));
  const firstX = states[0]?.x ?? 0;
  const drawn = edges.flatMap(({ from, to, operations }) => {
    const [a, d] = [from === null ? undefined : at.get(from), at.get(to)];
    if (from === to || !d || (from !== null && !a)) return [];
    const points = a ? curve(a, d) : beginning(d, d.x === firstX);
    return [{ key: `${from ?? ''}>${to}`, path: pathOf(...points), label: operations.join(', '), labelAt: middleOf(...points), starts: a ? [] : [points[0]] }];
  });
  return {
    width: margin * 2 + lead + boxSize.width + Math.max(0, columns.length - 1) * columnWidth,
    height: top + margin + boxSize.height + (rows - 1) * rowHeight + 44,
    starts: drawn.flatMap(({ starts }) => starts),
    states,
    edges: apart(drawn).map(({ key, path, label, labelAt }) => ({ key, path, label, labelAt })),
  };
}
