import type { Parsed } from './cluster-under-test.ts';

const volatile = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'time', 'deletionTimestamp', 'lastTransitionTime']);

/** What must be the same on two clusters: not the moment, not the identities, not the order of causes, which Kubernetes leaves to chance. */
export function comparable(value: Parsed, namespace: string): Parsed {
  if (Array.isArray(value)) return value.map((each) => comparable(each, namespace));
  if (typeof value === 'string') {
    return value
      .replaceAll(namespace, 'NS')
      .replace(/10\.96\.\d+\.\d+/g, 'ADDRESS')
      .replace(/in record \([^)]*\)/g, 'in record')
      .replace(/gen-\w{5}/g, 'gen');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, child]) => [field, comparableField(field, child, namespace)]));
}

function comparableField(field: string, value: Parsed, namespace: string): Parsed {
  if (volatile.has(field)) return value === '' ? '' : 'set';
  if (field === 'causes' && Array.isArray(value)) return [...new Set(value.map((cause) => JSON.stringify(comparable(cause, namespace))))].toSorted((a, b) => (a < b ? -1 : 1));
  // The order in which several causes are told is the order of the causes.
  if (field === 'message' && typeof value === 'string' && / is invalid: \[|failed with \d+ conflicts/.test(value)) return 'several';
  // Managers that wrote in the same second come in the order of their names, others in that of their times.
  if (field === 'managedFields' && Array.isArray(value)) {
    const key = (entry: Parsed): string => [entry.operation, entry.manager, entry.subresource].join();
    return comparable(value.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)), namespace);
  }
  return comparable(value, namespace);
}
