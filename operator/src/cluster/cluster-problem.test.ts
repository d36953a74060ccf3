import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@guildhall/kubernetes';
import { clusterProblem } from './cluster-problem.ts';

const refused = (words: string, status = 403) => clusterProblem(new ApiError(status, 'Forbidden', `apply Service peer0: ${status} Forbidden: ${words}`));

test('what the cluster refuses is told with what it is and what to do', () => {
  const cases: [string, string, RegExp][] = [
    ['services "peer0" is forbidden: exceeded quota: small, requested: services=1, used: services=3, limited: services=3', 'QuotaExceeded', /^Quota small of the namespace is used up: "requested: services=1, used: services=3, limited: services=3"\. Raise it/],
    ['pods "peer0-0" is forbidden: failed quota: cpu: must specify requests.cpu for: peer', 'QuotaExceeded', /"requests.cpu for: peer"\. Set spec.resources/],
    ['services "peer0" is forbidden: unable to create new content in namespace gh-a because it is being terminated', 'NamespaceTerminating', /^Namespace gh-a is being deleted/],
    ['statefulsets.apps "peer0" is forbidden: User "system:serviceaccount:guildhall:guildhall-operator" cannot patch resource "statefulsets" in API group "apps" in the namespace "gh-a"', 'AccessMissing', /^The operator may not patch statefulsets\.apps in namespace gh-a\. Restore its roles: helm upgrade/],
    ['pods "peer0-0" is forbidden: violates PodSecurity "restricted:latest": seccompProfile', 'NotAllowed', /Pod Security standard refuses the pod: "\\"restricted:latest\\": seccompProfile"/],
    ['pods "peer0-0" is forbidden: maximum memory usage per Container is 64Mi, but limit is 1Gi', 'NotAllowed', /maximum memory usage per Container is 64Mi/],
  ];
  for (const [words, reason, message] of cases) {
    const problem = refused(words);
    assert.equal(problem?.reason, reason, words);
    assert.match(problem?.message ?? '', message);
  }
  assert.equal(refused('failed to create typed patch object: .spec.colour: field not declared in schema', 500)?.reason, 'Failed');
});

test('what may pass by itself is no refusal', () => {
  for (const error of [new ApiError(409, 'Conflict', 'x'), new ApiError(500, 'InternalError', 'etcd is away'), new ApiError(429, 'TooManyRequests', 'x'), new TypeError('a bug')]) assert.equal(clusterProblem(error), undefined);
});
