import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, channelName, clientIdentityName, contractName, imageByDigest, mspId, processors, shortName } from './names.ts';

test('a name fits into DNS, and into a namespace without being taken for another', () => {
  for (const name of ['a', 'core', 'core-2', 'a1-b2-c3']) assert.ok(shortName.safeParse(name).success, name);
  for (const name of ['', 'A', '1a', 'a-', '-a', 'a--b', 'a_b', 'a.b', 'a'.repeat(21)]) assert.equal(shortName.safeParse(name).success, false, name);
});

test("a contract cannot take the name of one of Fabric's own", () => {
  for (const name of ['cscc', 'escc', 'lscc', 'qscc', 'vscc']) {
    assert.match(contractName.safeParse(name).error?.issues[0]?.message ?? '', /Fabric has a contract of this name/);
  }
  for (const name of ['_lifecycle', 'a--b', 'a-', 'Receivable']) assert.equal(contractName.safeParse(name).success, false, name);
  for (const name of ['receivable', 'lscc2', 'a-b']) assert.ok(contractName.safeParse(name).success, name);
});

test("an application cannot be named as one of Guildhall's own clients", () => {
  for (const name of ['client', 'client-debtor', 'guildhall-operator']) {
    assert.match(clientIdentityName.safeParse(name).error?.issues[0]?.message ?? '', /its own clients/);
  }
  for (const name of ['erp', 'clients', 'my-client', 'guildhall2']) assert.ok(clientIdentityName.safeParse(name).success, name);
});

test('what Fabric refuses in channel names and MSP ids is refused', () => {
  for (const name of ['Trade', '1trade', 'trade_x', 'a.b', '..']) assert.equal(channelName.safeParse(name).success, false, name);
  for (const id of ['', '.', '..', 'A MSP', 'A_MSP', "A'MSP", 'A/MSP']) assert.equal(mspId.safeParse(id).success, false, id);
  for (const id of ['AcmeMSP', 'acme.example', 'A-1']) assert.ok(mspId.safeParse(id).success, id);
});

test('an image is named by its registry and its digest, and by nothing that can be moved to other code', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  for (const name of ['registry.example/notary', 'registry.example:5000/team/note_book', 'registry:5000/notary', 'ghcr.io/a/b-c.d']) assert.ok(imageByDigest.safeParse(`${name}@${digest}`).success, name);
  for (const image of [
    'registry.example/notary', 'registry.example/notary:1.0', `registry.example/notary:1.0@${digest}`, `notary@${digest}`, `team/notary@${digest}`, `registry.example@${digest}`,
    `registry.example/Notary@${digest}`, `registry.example//notary@${digest}`, `oci://registry.example/notary@${digest}`, `registry.example/notary@sha256:ab`, ` registry.example/notary@${digest}`,
  ])
    assert.equal(imageByDigest.safeParse(image).success, false, image);
});

test('an amount is what whoever wrote it meant', () => {
  for (const amount of ['500m', '2']) assert.ok(processors.safeParse(amount).success, amount);
  for (const amount of ['0', '2Gi', '0.5', '-1']) assert.equal(processors.safeParse(amount).success, false, amount);
  for (const amount of ['512Mi', '10Gi']) assert.ok(bytes.safeParse(amount).success, amount);
  for (const amount of ['512', '500m', '10GB', '0Gi']) assert.equal(bytes.safeParse(amount).success, false, amount);
});
