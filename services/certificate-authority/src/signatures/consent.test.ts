import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { contractDefinition } from '@guildhall/agreement';
import { randomNonce } from '@guildhall/fabric';
import { specDigest, type SigningRequest } from '@guildhall/resources';
import { now } from '../../test/fixtures.ts';
import { approve, demo, examined, genesis, install, join, proposal, refused, renew } from '../../test/signing-desk.ts';

beforeEach(renew);

test('what the member consented to is signed: joining, installing, approving', async () => {
  const joined = await examined(join());
  assert.match(joined.subject, /^trade\/uid-of-gh-demo-trade@sha256:[0-9a-f]{64}$/);
  assert.match((await examined(install())).subject, /^receivable_1\.0\.0-a1a1a1a1a1a1a1a1:/);
  assert.match((await examined(approve())).subject, /^trade\/receivable@1 receivable_1\.0\.0-/);
  await examined(approve({ definition: contractDefinition('receivable', demo.contract.spec, 7) }));
});

test('only in the name of its own administrator, and only now', async () => {
  await refused('Denied', /not the administrator of BankMSP/, join(genesis(), { creator: demo.acme.admin }));
  await refused(
    'Denied',
    /not the administrator/,
    join(genesis(), { creator: { ...demo.bank.admin, certificate: demo.acme.admin.certificate } }),
  );
  await refused('Denied', /not the administrator/, join(genesis(), { creator: { ...demo.bank.admin, mspId: 'AcmeMSP' } }));
  await refused('Expired', /make fresh ones/, join(genesis(), { timestamp: new Date(now.getTime() - 11 * 60_000) }));
  await refused('Expired', /make fresh ones/, join(genesis(), { timestamp: new Date(now.getTime() + 11 * 60_000) }));
  await refused('Denied', /nonce has 12 bytes/, join(genesis(), { nonce: randomNonce().subarray(0, 12) }));
});

test('the consent is the very one that stands: kind, object, generation, content', async () => {
  const request = join();
  const intent = (change: Partial<SigningRequest['spec']['intent']>): SigningRequest => ({
    ...request,
    spec: { ...request.spec, intent: { ...request.spec.intent, ...change } },
  });
  await refused('Denied', /under a ChannelMembership, not under a ContractInstallation/, intent({ kind: 'ContractInstallation' }));
  await refused('ConsentOutdated', /does not exist/, intent({ name: 'other' }));
  await refused('ConsentOutdated', /does not exist/, intent({ uid: 'of-a-former-object' }));
  await refused('ConsentOutdated', /at generation 1, the request is for 2/, intent({ generation: 2 }));
  await refused('ConsentOutdated', /has the digest/, intent({ digest: specDigest({}) }));
  await refused('ConsentOutdated', /does not exist/, request, { hidden: [demo.memberships.bank] });
  demo.memberships.bank.metadata.deletionTimestamp = now.toISOString();
  await refused('ConsentOutdated', /withdrawn/, request);
});

test('what was agreed on since is not what was consented to', async () => {
  const [toJoin, toInstall] = [join(), install()];
  demo.channel.spec.ordering = { type: 'raft', tickMs: 250 };
  await refused('ConsentOutdated', /consented to Channel trade with digest/, toJoin);
  await refused('ConsentOutdated', /no longer agreed/, toJoin, { hidden: [demo.channel] });
  demo.contract.spec.version = '2.0.0';
  await refused('ConsentOutdated', /consented to Contract receivable with digest/, toInstall);
  demo.installation.spec.contractDigest = specDigest(demo.contract.spec);
  demo.installation.spec.artifactDigest = `sha256:${'b2'.repeat(32)}`;
  await refused('ConsentOutdated', /consented to code sha256:b2/, install());
});

test('the consortium must name the member, and consent leads nowhere else', async () => {
  const request = join();
  await refused('ReferenceNotAllowed', /does not exist/, request, { hidden: [demo.consortium] });
  const [acme, bank] = demo.consortium.spec.members;
  for (const entry of [
    { ...bank!, name: 'other' },
    { ...bank!, mspId: 'OtherMSP' },
    { ...bank!, namespace: 'gh-other--bank' },
  ]) {
    demo.consortium.spec.members = [acme!, entry];
    await refused('ReferenceNotAllowed', /does not name member bank/, request);
  }
  demo.consortium.spec.members = [acme!, bank!];
  demo.memberships.bank.spec.channel = { namespace: 'gh-other', name: 'trade' };
  await refused('ReferenceNotAllowed', /leads to namespace gh-other/, join());
  demo.memberships.bank.spec.channel = { namespace: 'gh-demo', name: 'trade' };
  demo.channel.spec.members = [{ name: 'acme' }];
  demo.channel.spec.orderers = demo.channel.spec.orderers.filter((orderer) => orderer.member === 'acme');
  demo.memberships.bank.spec.channelDigest = specDigest(demo.channel.spec);
  await refused(
    'ReferenceNotAllowed',
    /does not name member bank/,
    demo.request('join-channel', proposal({ kind: 'JoinChain', block: new Uint8Array() })),
  );
});

test('a channel that orders with nodes that the consent does not name is refused', async () => {
  demo.memberships.bank.spec.orderers = [];
  await refused('ConsentOutdated', /orders with node orderer0/, join());
});

test('the message is canonical base64 and not too long', async () => {
  const request = approve();
  const withMessage = (message: string): SigningRequest => ({ ...request, spec: { ...request.spec, message } });
  await refused('Denied', /canonical base64/, withMessage(`${request.spec.message}\n`));
  await refused('Denied', /at most/, withMessage(Buffer.alloc(1024 * 1024 + 3).toString('base64')));
});
