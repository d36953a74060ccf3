import { ApiError, isForbidden, isInvalid } from '@guildhall/kubernetes';
import type { Problem } from '../outcome.ts';

/** How Kubernetes says no (pkg: apiserver/admission, quota, rbac, podsecurity), and what a person can do about it; the first that fits. */
const refusals: readonly [RegExp, (...found: string[]) => Problem][] = [
  [
    /exceeded quota: ([^,]+), (.*)/,
    (quota, figures) => ({ reason: 'QuotaExceeded', message: `Quota ${quota} of the namespace is used up: ${quoted(figures)}. Raise it, or free what it counts; then it goes on by itself.` }),
  ],
  [
    /failed quota: ([^:]+): must specify (.*)/,
    (quota, fields) => ({ reason: 'QuotaExceeded', message: `Quota ${quota} of the namespace wants these to be set: ${quoted(fields)}. Set spec.resources of the Node, or give the namespace a LimitRange with defaults.` }),
  ],
  [
    /unable to create new content in namespace (\S+) because it is being terminated/,
    (namespace) => ({ reason: 'NamespaceTerminating', message: `Namespace ${namespace} is being deleted: nothing can be made in it any more. Confirm the deletion of what is in it, or make both again when it has gone.` }),
  ],
  [
    /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/,
    (verb, resource, group, namespace) => ({
      reason: 'AccessMissing',
      message: `The operator may not ${verb} ${[resource, group].filter((part) => part !== '').join('.')} in namespace ${namespace === '' ? '*' : namespace}. Restore its roles: helm upgrade of the chart guildhall; the control plane binds them in the namespace by itself.`,
    }),
  ],
  [
    /violates PodSecurity (.*)/,
    (rules) => ({ reason: 'NotAllowed', message: `The namespace's Pod Security standard refuses the pod: ${quoted(rules)}. Label the namespace pod-security.kubernetes.io/enforce=restricted.` }),
  ],
  [
    /field not declared in schema/,
    () => ({ reason: 'Failed', message: "The cluster's definition of the kind is older than this operator. Upgrade the chart guildhall-crds." }),
  ],
];

const quoted = (words: string): string => JSON.stringify(words.trim());

/** What a refusal that Kubernetes put into these words comes to. */
export function problemInWords(words: string): Problem {
  for (const [pattern, problem] of refusals) {
    const found = pattern.exec(words);
    if (found !== null) return problem(...Array.from(found, (part) => part ?? '').slice(1));
  }
  return { reason: 'NotAllowed', message: `The cluster refuses it: ${quoted(words)}. Change the rule that it names (a LimitRange, an admission policy or webhook), or the spec.` };
}

/** What stands behind an error of the API server that lasts until somebody changes something; undefined for any other. */
export const clusterProblem = (error: unknown): Problem | undefined => (error instanceof ApiError && (isForbidden(error) || isInvalid(error)) ? problemInWords(error.message) : undefined);
