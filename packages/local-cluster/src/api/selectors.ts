import { objectOr, textOr, type JsonObject } from '../json.ts';
import { badRequest } from './failure.ts';
import { valueAt, type Kind } from './kind.ts';

export type Matches = (object: JsonObject) => boolean;

const requirement = /^\s*(?:(!)\s*([^\s!=,()]+)|([^\s!=,()]+)\s*(?:(==|=|!=)\s*([^\s,()=!]*)|\s(in|notin)\s*\(([^()]*)\))?)\s*$/;

/** Splits at commas outside of parentheses. */
const parts = (selector: string): string[] => (selector.trim() === '' ? [] : selector.split(/,(?![^(]*\))/));

function labelRequirement(text: string): (labels: JsonObject) => boolean {
  const match = requirement.exec(text);
  if (!match) throw badRequest(`unable to parse requirement: ${JSON.stringify(text)} is not a label selector`);
  const [, not, absent, key = '', operator, value = '', set, list = ''] = match;
  if (not) return (labels) => labels[absent ?? ''] === undefined;
  if (set) {
    const values = list.split(',').map((each) => each.trim());
    return (labels) => (set === 'in' ? values.includes(textOr(labels[key], '\0')) : !values.includes(textOr(labels[key], '\0')));
  }
  if (operator === undefined) return (labels) => labels[key] !== undefined;
  return (labels) => (operator === '!=' ? labels[key] !== value : labels[key] === value);
}

/** `a=b,c!=d,e in (x,y),f notin (z),g,!h` */
export function labelSelector(selector: string | undefined): Matches | undefined {
  const requirements = parts(selector ?? '').map(labelRequirement);
  if (requirements.length === 0) return undefined;
  return (object) => {
    const labels = objectOr(objectOr(object['metadata'])['labels']);
    return requirements.every((holds) => holds(labels));
  };
}

/** `metadata.name=a,spec.nodeName!=b`; only fields that the kind offers. */
export function fieldSelector(kind: Kind, selector: string | undefined): Matches | undefined {
  const allowed = ['metadata.name', ...(kind.namespaced ? ['metadata.namespace'] : []), ...kind.selectableFields];
  const requirements = parts(selector ?? '').map((text) => {
    const match = /^\s*([^\s!=]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(text);
    if (!match) throw badRequest(`invalid field selector: ${JSON.stringify(text)}`);
    const [, field = '', operator, value = ''] = match;
    if (!allowed.includes(field)) throw badRequest(`field label not supported: ${field}`);
    return (object: JsonObject): boolean => {
      const found = valueAt(object, field);
      const text = typeof found === 'string' ? found : found === undefined ? '' : JSON.stringify(found);
      return (text === value) === (operator !== '!=');
    };
  });
  return requirements.length === 0 ? undefined : (object) => requirements.every((holds) => holds(object));
}

export function selection(kind: Kind, labels: string | undefined, fields: string | undefined): Matches {
  const all = [labelSelector(labels), fieldSelector(kind, fields)].filter((each) => each !== undefined);
  return (object) => all.every((matches) => matches(object));
}
