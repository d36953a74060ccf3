import assert from 'node:assert/strict';
import { createAdmission, type Admission } from '../../../services/ledger-gateway/src/callers/admission.ts';
import { createTokenReviewer } from '../../../services/ledger-gateway/src/callers/token-review.ts';
import { systemClock } from '@guildhall/kubernetes';
import { fieldManagers } from '@guildhall/resources';
import { eventually, refusal, scenario, type Scenario } from './scenario.ts';
import type { ClusterUnderTest } from '../cluster-under-test.ts';

const audience = 'guildhall-ledger-gateway';

/** As a projected volume gets it. */
async function tokenOf(cluster: ClusterUnderTest, namespace: string, account: string, audiences: string[]): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences, expirationSeconds: 600 } };
  const answer = await cluster.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, { body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body['status'].token;
}

/** What the ledger gateway relies on when it has its callers' tokens judged. */
export const tokens: Scenario[] = [
  scenario('a token is judged by whom it was given to, what for, and whether that account is still there', async (cluster) => {
    const namespace = await cluster.namespace('gh-roles');
    const make = (name: string) => cluster.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } } });
    for (const name of ['caller', 'other']) assert.equal((await make(name)).status, 201);
    const judge = createTokenReviewer(cluster.client(fieldManagers.ledgerGateway, 'ledgerGateway'), audience);
    // One for each question: what it remembers is not the matter here.
    const admission = (): Admission => createAdmission({ judge, audience, allowed: new Set([`system:serviceaccount:${namespace}:caller`]), clock: systemClock });
    const token = await tokenOf(cluster, namespace, 'caller', [audience]);
    await eventually('the role of the ledger gateway is known', async () => (await admission().admit(token)).admitted);

    const statusFor = async (token: string) => {
      const verdict = await admission().admit(token);
      return verdict.admitted ? 200 : verdict.status;
    };
    assert.equal(await statusFor(await tokenOf(cluster, namespace, 'caller', ['something-else'])), 401);
    assert.equal(await statusFor(await tokenOf(cluster, namespace, 'caller', ['something-else', audience])), 200);
    assert.equal(await statusFor(await tokenOf(cluster, namespace, 'other', [audience])), 403);
    assert.equal(await statusFor(`${token}x`), 401);
    await cluster.request('DELETE', `/api/v1/namespaces/${namespace}/serviceaccounts/caller`);
    await eventually('the token of an account that is gone is worth nothing', async () => (await statusFor(token)) === 401);
  }),

  scenario('only who may have tokens judged learns anything of them', async (cluster) => {
    const judge = createTokenReviewer(cluster.client('test', 'limited'), audience);
    await assert.rejects(judge('a-token'), refusal(403, 'Forbidden', /cannot create resource "tokenreviews"/));
  }),
];
