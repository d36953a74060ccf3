import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { FieldError } from '../api/failure.ts';
import { isObject, type Json } from '../json.ts';
import { outsideSubset } from './cel-subset.ts';
import { Quantity } from './quantity.ts';
import { fieldSchema, identityOf, itemKeys, type Schema, type ValidationRule } from './schema.ts';

const environment = new Environment()
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn')
  .registerType('Quantity', { ctor: Quantity })
  .registerFunction('quantity(dyn): Quantity', (text: unknown) => new Quantity(text))
  .registerFunction('Quantity.isLessThan(Quantity): bool', (one: Quantity, other: Quantity) => one.value < other.value);

interface Compiled {
  evaluate: ParseResult;
  /** It compares with what was before, so it holds on updates only. */
  transition: boolean;
}
const compiled = new Map<string, Compiled>();

function compile(rule: string): Compiled {
  let found = compiled.get(rule);
  if (!found) {
    const evaluate = environment.parse(rule);
    found = { evaluate, transition: /\boldSelf\b/.test(rule) };
    compiled.set(rule, found);
  }
  return found;
}

/** Why a rule cannot be used at a place with this schema; undefined when it can. */
export function ruleProblem(schema: Schema, { rule }: ValidationRule): string | undefined {
  let parsed: ParseResult;
  try {
    parsed = compile(rule).evaluate;
  } catch (error) {
    return `compilation failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  return outsideSubset(schema, parsed.ast);
}

/** CEL tells integers from floating-point numbers, and compares lists with keys and sets without regard to their order. */
function toCel(schema: Schema | undefined, value: Json): unknown {
  if (Array.isArray(value)) {
    const keyed = schema && itemKeys(schema) !== undefined;
    const items = keyed ? value.toSorted((a, b) => ((identityOf(schema, a) ?? '') < (identityOf(schema, b) ?? '') ? -1 : 1)) : value;
    return items.map((item) => toCel(schema?.items, item));
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([field, child]) => [field, toCel(schema && fieldSchema(schema, field), child)]));
  }
  if (typeof value === 'number' && Number.isInteger(value) && schema?.type !== 'number') return BigInt(value);
  return value;
}

/** The rules of this place that do not hold. What has not changed is held to rules of transition only. */
export function evaluateRules(schema: Schema, value: Json, old: Json | undefined, path: string, unchanged: boolean): FieldError[] {
  const rules = schema['x-kubernetes-validations']?.filter(({ rule }) => (compile(rule).transition ? old !== undefined : !unchanged));
  if (!rules?.length) return [];
  const self = toCel(schema, value);
  const oldSelf = old === undefined ? undefined : toCel(schema, old);
  const type = schema.type ?? 'object';
  return rules.flatMap((rule) => {
    const { evaluate, transition } = compile(rule.rule);
    const refused = (message: string): FieldError[] => [
      { type: 'FieldValueInvalid', field: path === '' ? '<nil>' : path, message: `Invalid value: ${JSON.stringify(type)}: ${message}` },
    ];
    try {
      const holds: unknown = evaluate({ self, ...(transition ? { oldSelf } : {}) });
      return holds === true ? [] : refused(rule.message ?? `failed rule: ${rule.rule}`);
    } catch (error) {
      return refused(`${error instanceof Error ? error.message.split('\n')[0] : String(error)} evaluating rule: ${rule.message ?? rule.rule}`);
    }
  });
}
