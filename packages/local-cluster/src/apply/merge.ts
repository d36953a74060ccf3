import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Schema } from '../schema/schema.ts';
import type { PathElement } from './field-set.ts';
import { childSchema, isKeyedList, isMergedObject, itemSchema, itemsByKey } from './typed.ts';

/** `live` with what `applied` says on top: objects by field, keyed lists by item, all else replaced. What is the same stays `live` itself. */
export function merge(schema: Schema, live: Json | undefined, applied: Json): Json {
  const merged = mergeValues(schema, live, applied);
  return live !== undefined && isSame(merged, live) ? live : merged;
}

/** Whether all that is in them is the very same; what is below has been merged already. */
function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => item === b[index]);
  if (!isObject(a) || !isObject(b)) return false;
  const fields = Object.keys(a);
  return fields.length === Object.keys(b).length && fields.every((field) => Object.hasOwn(b, field) && a[field] === b[field]);
}

function mergeValues(schema: Schema, live: Json | undefined, applied: Json): Json {
  if (live === undefined) return applied;
  if (isMergedObject(schema, applied) && isObject(live)) {
    const out: JsonObject = { ...live };
    for (const [field, child] of Object.entries(applied)) {
      out[field] = merge(childSchema(schema, field), Object.hasOwn(live, field) ? live[field] : undefined, child);
    }
    return out;
  }
  if (isKeyedList(schema, applied) && Array.isArray(live)) return mergeItems(schema, live, applied);
  return applied;
}

/**
 * Items of both lists, each once. Shared items come in the order in which they are applied; items that only the live
 * list has keep their place relative to the shared ones (structured-merge-diff, typed/merge.go).
 */
function mergeItems(schema: Schema, live: Json[], applied: Json[]): Json[] {
  const left = itemsByKey(schema, live);
  const right = itemsByKey(schema, applied);
  const leftKeys = [...left.keys()];
  const rightKeys = [...right.keys()];
  const shared = rightKeys.filter((key) => left.has(key));
  const done = new Set<PathElement>();
  const out: Json[] = [];
  const take = (key: PathElement): void => {
    const item = right.get(key);
    const before = left.get(key);
    done.add(key);
    if (item !== undefined) out.push(merge(itemSchema(schema), before, item));
    else if (before !== undefined) out.push(before);
    if (shared[0] === key) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < leftKeys.length || r < rightKeys.length) {
    const leftKey = leftKeys[l];
    const rightKey = rightKeys[r];
    if (leftKey !== undefined && leftKey === rightKey) {
      take(leftKey);
      l += 1;
      r += 1;
    } else if (leftKey !== undefined && rightKey !== undefined && right.has(leftKey) && shared[0] !== undefined && shared[0] !== leftKey) {
      l += 1;
    } else if (leftKey !== undefined && !right.has(leftKey)) {
      take(leftKey);
      l += 1;
    } else {
      if (leftKey !== undefined && done.has(leftKey)) l += 1;
      if (rightKey !== undefined) {
        take(rightKey);
        r += 1;
      }
    }
  }
  return out;
}
