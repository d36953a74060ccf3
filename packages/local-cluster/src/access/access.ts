import { createHash, timingSafeEqual } from 'node:crypto';
import { forbidden, type ApiFailure } from '../api/failure.ts';
import type { PolicyRule, Principal } from '../cluster.ts';

export interface AccessQuestion {
  principal: Principal;
  verb: string;
  kind: { group: string; plural: string; kind: string };
  subresource: string;
  namespace: string;
  name: string;
}

const names = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);
const inNamespace = (patterns: readonly string[] | undefined, namespace: string): boolean =>
  patterns === undefined ||
  (namespace !== '' && patterns.some((pattern) => (pattern.endsWith('*') ? namespace.startsWith(pattern.slice(0, -1)) : pattern === namespace)));

function grants(rule: PolicyRule, { verb, kind, subresource, namespace, name }: AccessQuestion): boolean {
  const resource = subresource === '' ? kind.plural : `${kind.plural}/${subresource}`;
  return (
    names(rule.apiGroups, kind.group) &&
    names(rule.resources, resource) &&
    names(rule.verbs, verb) &&
    (rule.resourceNames === undefined || rule.resourceNames.includes(name)) &&
    inNamespace(rule.namespaces, namespace)
  );
}

/** The refusal that Kubernetes would give; undefined when some rule allows it. */
export function refusal(question: AccessQuestion): ApiFailure | undefined {
  const { principal, verb, kind, subresource, namespace, name } = question;
  if (principal.rules.some((rule) => grants(rule, question))) return undefined;
  const resource = subresource === '' ? kind.plural : `${kind.plural}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return forbidden(kind, name, `User "${principal.name}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${where}`);
}

/** Finds who a bearer token belongs to, without telling by its timing how much of a token was right. */
export function createTokenLookup(principals: readonly (Principal & { token: string })[]): (token: string) => Principal | undefined {
  const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
  const known = principals.map((principal) => ({ principal, digest: digest(principal.token) }));
  return (token) => {
    const sent = digest(token);
    return known.find((each) => timingSafeEqual(each.digest, sent))?.principal;
  };
}
