import { verifySignature } from '@guildhall/fabric';
import { silentLogger, type KubernetesClient, type Logger } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { parseCertificateRequest } from '@guildhall/pki';
import { memberNamespace, type CertificateRequest } from '@guildhall/resources';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createMember, subjectOf, type TestMember } from '../../../packages/fabric/test/nodes/member.ts';
import { createClientIdentities } from '../src/identity/client-identities.ts';

const HOUR = 3_600_000;
const patient = new AbortController().signal;

/** A certificate authority behind the cluster's API; its certificates are good for a day. */
function authority(member: TestMember) {
  const clock = createFakeClock(Date.now());
  const requests = new Map<string, CertificateRequest>();
  const warnings: unknown[] = [];
  const state = { answers: true, deletes: true, asked: 0 };
  const client = {
    async apply(_: unknown, request: CertificateRequest) {
      state.asked++;
      requests.set(request.metadata.name, request);
      return request;
    },
    async get(_: unknown, { name }: { name: string }) {
      const request = requests.get(name);
      if (!request || !state.answers) return request;
      const { publicKey } = parseCertificateRequest(request.spec.csr);
      return { ...request, status: { certificate: await member.signing.certify(publicKey, subjectOf('client', 'client'), 'identity') } };
    },
    async delete(_: unknown, { name }: { name: string }) {
      if (!state.deletes) throw new Error('the API is away');
      requests.delete(name);
    },
  } as unknown as KubernetesClient;
  const logger: Logger = { ...silentLogger, warn: (...said: unknown[]) => void warnings.push(said) };
  let next = 0;
  const identities = createClientIdentities({ client, clock, ids: () => `id${++next}`, logger });
  const holder = { name: 'acme', namespace: memberNamespace('trade', 'acme'), mspId: member.mspId, issuer: member.signing.issuing };
  return { clock, requests, warnings, state, of: (role = 'debtor', signal = patient) => identities.of(holder, role, signal) };
}

/** Lets time pass until a promise has settled. */
async function settled<T>(clock: ReturnType<typeof createFakeClock>, work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const results: PromiseSettledResult<T>[] = [];
  void Promise.allSettled([work]).then(([outcome]) => results.push(outcome));
  for (let turn = 0; turn < 2_000 && results.length === 0; turn++) await clock.advance(20);
  const [result] = results;
  assert.ok(result, 'it came to an end');
  return result;
}
async function had<T>(clock: ReturnType<typeof createFakeClock>, work: Promise<T>): Promise<T> {
  const result = await settled(clock, work);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

test('a gateway that runs for days renews its identities before they end, and no call waits for it', async () => {
  const { clock, requests, state, of } = authority(await createMember('AcmeMSP'));
  const first = await had(clock, of());
  const message = Buffer.from('a proposal');
  assert.equal(verifySignature(first.identity, message, await first.sign(message)), true);
  assert.deepEqual([state.asked, requests.size], [1, 0]);

  await clock.advance(15 * HOUR);
  assert.equal(await of(), first);
  assert.equal(state.asked, 1);

  await clock.advance(2 * HOUR);
  assert.equal(await of(), first, 'the present one, while the next is on its way');
  for (let turn = 0; turn < 2_000 && (requests.size > 0 || state.asked < 2); turn++) await clock.advance(20);
  const second = await of();
  assert.notEqual(second, first);
  assert.equal(state.asked, 2);
});

test('while the authority is away the present identity serves to its end, with one warning for each try', async () => {
  const { clock, warnings, state, of } = authority(await createMember('AcmeMSP'));
  const first = await had(clock, of());
  state.answers = false;
  await clock.advance(17 * HOUR);
  for (let call = 0; call < 50; call++) assert.equal(await of(), first);
  // A key is made in real time.
  while (state.asked < 2) await setImmediate();
  await clock.advance(30_000);
  assert.deepEqual([state.asked, warnings.length], [2, 1]);

  await clock.advance(7 * HOUR - 60_000); // Within the margin before its end.
  const refused = await settled(clock, of());
  assert.ok(refused.status === 'rejected');
  assert.equal(refused.reason.code, 'NO_IDENTITY');
  assert.match(refused.reason.message, /certificate authority of acme has not answered/);
  const late = await settled(clock, of('debtor', AbortSignal.abort()));
  assert.ok(late.status === 'rejected' && late.reason.code === 'NO_IDENTITY');

  state.answers = true;
  assert.notEqual(await had(clock, of()), first);
});

test('a request that cannot be deleted does not cost the identity', async () => {
  const { clock, warnings, state, of } = authority(await createMember('AcmeMSP'));
  state.deletes = false;
  const [one, other] = await Promise.all([had(clock, of()), of()]);
  assert.equal(one, other);
  assert.deepEqual([state.asked, warnings.length], [1, 1]);
});
