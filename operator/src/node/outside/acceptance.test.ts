import assert from 'node:assert/strict';
import test from 'node:test';
import { acceptanceFault } from './acceptance.ts';
import type { TlsRoute } from './route.ts';

const gateway = { namespace: 'gateways', name: 'ledgers', port: 443, version: 'v1' };
type Parents = NonNullable<TlsRoute['status']>['parents'];
type Said = { type?: string; status: 'True' | 'False' | 'Unknown'; reason?: string; generation?: number };

const parent = (said: Said[], parentRef: { namespace?: string; name: string } = { namespace: 'gateways', name: 'ledgers' }): NonNullable<Parents>[number] => ({
  parentRef,
  conditions: said.map(({ type = 'Accepted', status, reason = 'Accepted', generation = 2 }) => ({ type, status, reason, message: 'as it says', observedGeneration: generation, lastTransitionTime: '2026-01-01T00:00:00Z' })),
});
const fault = (parents: Parents, waitedMs = 0): string => {
  const route: TlsRoute = {
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'TLSRoute', metadata: { name: 'peer0', namespace: 'gh-trade--acme', generation: 2 },
    spec: { parentRefs: [], hostnames: ['peer0.acme.trade.ledger.example'], rules: [] },
    ...(parents === undefined ? {} : { status: { parents } }),
  };
  return acceptanceFault(route, gateway, waitedMs) ?? '';
};

test('a route that its gateway has accepted is well', () => {
  assert.equal(fault([parent([{ status: 'True' }, { type: 'ResolvedRefs', status: 'True' }])], 60_000), '');
});

test('a gateway that refuses the route is named with its own words and what to do', () => {
  assert.equal(
    fault([parent([{ status: 'False', reason: 'NoMatchingListenerHostname' }])]),
    'The gateway gateways/ledgers refuses TLSRoute peer0: Accepted is False with NoMatchingListenerHostname, "as it says". Give its listener a host name that peer0.acme.trade.ledger.example is of, or none.',
  );
  assert.match(fault([parent([{ status: 'False', reason: 'NotAllowedByListeners' }])]), /all namespaces \(allowedRoutes\)/);
  assert.match(fault([parent([{ status: 'False', reason: 'NoMatchingParent' }])]), /exposure\.gateway of the chart/);
  assert.match(fault([parent([{ status: 'True' }, { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' }])]), /ResolvedRefs is False with BackendNotFound.*Its own status and the log/);
});

test('while no gateway has answered, it is waited for; then that is said', () => {
  const pending = [undefined, [], [parent([{ status: 'Unknown', reason: 'Pending' }])], [parent([{ status: 'True', generation: 1 }])], [parent([{ status: 'True' }], { namespace: 'other', name: 'ledgers' })], [parent([{ status: 'False' }], { name: 'ledgers' })]];
  for (const parents of pending) {
    assert.equal(fault(parents, 19_000), '', JSON.stringify(parents));
    assert.match(fault(parents, 20_000), /^No gateway has said anything of TLSRoute peer0 yet\. See that the Gateway gateways\/ledgers is there/);
  }
});

test('another condition of a gateway does not count', () => {
  assert.equal(fault([parent([{ status: 'True' }, { type: 'PartiallyInvalid', status: 'False' }])]), '');
});
