import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Image } from '@guildhall/images';
import { goProgram } from '../../images/src/parts/go-program.ts';
import type { Api } from '../e2e/support/api.ts';
import { begin, create, operation, running, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import type { Submitted } from '../e2e/support/receivable.ts';
import { refusal } from '../e2e/support/refusal.ts';
import { until } from '../e2e/support/until.ts';
import { localImage, programImage } from '../support/kubernetes/containerd.ts';
import type { KubernetesNode } from '../support/kubernetes/node.ts';
import { bin, skipWithoutNode, startTestNode } from './node-under-test.ts';
import { install, loadImages, values } from './support/installation.ts';
import { reachApi, type Reached } from './support/reach-api.ts';

const consortium = 'archive';
const members = ['core', 'supplier'];
const source = resolve(import.meta.dirname, '../../examples/notary');
const registry = 'guildhall.test';
const documentDigest = createHash('sha256').update('a document').digest('hex');
/** Nobody listens there. */
const nowhere = `localhost:1/ghost@sha256:${'0'.repeat(64)}`;

/** The example in Go as an image; a later version of it takes no long titles. */
async function notaryImage(folder: string, longestTitle: number): Promise<Image> {
  const module = join(folder, `notary-${longestTitle}`);
  cpSync(source, module, { recursive: true });
  const file = join(module, 'notary.go');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /longestTitle = 200/);
  writeFileSync(file, text.replace('longestTitle = 200', `longestTitle = ${longestTitle}`));
  const { files } = await goProgram(module, join(folder, `bin-${longestTitle}`, 'notary'));
  return { reference: localImage('notary'), architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', layers: [files], entrypoint: ['/usr/local/bin/notary'], user: 65_532 };
}

describe('a contract in Go, given as an image', { skip: skipWithoutNode }, () => {
  let node: KubernetesNode;
  let way: Reached | undefined;
  let api: Api;
  let first: string;
  let second: string;
  let idle: string;
  before(async () => {
    node = await startTestNode();
    loadImages(node);
    first = await node.images.load(await notaryImage(node.sandbox.folder, 200));
    second = await node.images.load(await notaryImage(node.sandbox.folder, 20));
    idle = await node.images.load(programImage('pause', join(bin, 'pause')));
    install(node, { ...values, contracts: { imageRegistries: [registry, 'localhost:1'] } });
    way = await reachApi(node);
    api = way.api;
    await create(api, smallConsortium(consortium, { contract: false }));
  });
  after(async () => {
    way?.stop();
    await node?.stop();
  });

  const byDigest = (digest: string, name = 'notary'): string => `${registry}/${name}@${digest}`;
  const deployment = (image: string, name = 'notary') => ({ consortium, channel: 'trade', name, image, version: '1.0.0', endorsementPolicy: "AND('CoreMSP.peer', 'SupplierMSP.peer')" });
  const call = (member: string, name: string, args: string[]) => ({ consortium, channel: 'trade', contract: 'notary', member, function: name, args });
  const record = async (member: string, title: string): Promise<Submitted> =>
    (await api.request<{ submitTransaction: Submitted }>('mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId blockNumber validationCode endorsers result } }', {
      input: call(member, 'Record', [documentDigest, title]),
    })).submitTransaction;
  const read = async <Answer>(member: string, name: string, args = [documentDigest]): Promise<Answer> =>
    JSON.parse((await api.request<{ evaluateTransaction: string }>('query($input: EvaluateTransactionInput!) { evaluateTransaction(input: $input) }', { input: call(member, name, args) })).evaluateTransaction) as Answer;
  const images = (member: string): string[] =>
    node.kubectl('--namespace', `gh-${consortium}--${member}`, 'get', 'pods', '--selector', 'guildhall.dev/contract=notary', '--output', 'jsonpath={.items[*].spec.containers[*].image}').split(' ');
  const reason = (name: string): string =>
    node.kubectl('--namespace', `gh-${consortium}--core`, 'get', 'contractinstallation.guildhall.dev', name, '--output', 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}: {.status.conditions[?(@.type=="Ready")].message}');

  test('an image by a tag, or from a registry that nobody has allowed, is refused', async () => {
    const refused = async (image: string): Promise<string> => {
      const { code, path, message } = await refusal(begin(api, 'deployContract', deployment(image)));
      assert.equal(path, 'image');
      return `${code} ${message}`;
    };
    assert.match(await refused(`${registry}/notary:test`), /INVALID_INPUT .*by its registry and its digest, without a tag/);
    assert.match(await refused(`elsewhere.example/notary@${first}`), /FORBIDDEN .*may come from guildhall\.test, localhost:1 only, and this one comes from elsewhere\.example\/notary/);
    assert.match(await refused(`guildhall.test.elsewhere.example/notary@${first}`), /FORBIDDEN/);
  });

  test('a dry run says what it would do, and what nobody has checked', async () => {
    const { deployContract } = await api.request<{ deployContract: { plan: { sentences: string[]; warnings: string[] } } }>(
      'mutation($input: DeployContractInput!) { deployContract(input: $input, dryRun: true) { plan { sentences warnings } } }', { input: deployment(byDigest(first)) },
    );
    assert.match(deployContract.plan.sentences[0] ?? '', new RegExp(`the image ${byDigest(first)}`));
    assert.match(deployContract.plan.warnings.join(' '), /has not been checked/);
  });

  test('it runs at each member by the same digest, and transactions are endorsed by both', async () => {
    await succeeded(api, await begin(api, 'deployContract', deployment(byDigest(first))));
    await running(api, consortium);
    for (const member of members) assert.deepEqual(images(member), [byDigest(first)]);
    const written = await record('core', 'Bill of lading 17');
    assert.equal(written.validationCode, 'VALID');
    assert.deepEqual(written.endorsers.toSorted(), members);
    assert.deepEqual(await read<{ recorder: string; title: string }>('supplier', 'Read').then(({ recorder, title }) => ({ recorder, title })), { recorder: 'CoreMSP', title: 'Bill of lading 17' });
    const { contract: refused } = await refusal(record('supplier', 'Mine'));
    assert.match(refused?.message ?? '', /was recorded by CoreMSP/);
  });

  test('the API names the image and has no source of it; what the contract says of itself is one of its functions', async () => {
    const { consortium: found } = await api.request<{ consortium: { contracts: { image: string; artifactDigest: string; source: unknown; metadata: unknown; members: { sameCode: boolean }[] }[] } }>(
      'query($name: String!) { consortium(name: $name) { contracts { image artifactDigest source { entry } metadata members { sameCode } } } }', { name: consortium },
    );
    assert.deepEqual(found.contracts, [{ image: byDigest(first), artifactDigest: first, source: null, metadata: null, members: members.map(() => ({ sameCode: true })) }]);
    const { contracts } = await read<{ contracts: Record<string, unknown> }>('core', 'org.hyperledger.fabric:GetMetadata', []);
    assert.ok('Notary' in contracts);
  });

  test('another digest takes over, and the data stays', async () => {
    await succeeded(api, await begin(api, 'upgradeContract', { consortium, name: 'notary', image: byDigest(second), version: '2.0.0' }));
    await running(api, consortium);
    await until('the former instances are gone', () => members.every((member) => images(member).join() === byDigest(second)));
    assert.match((await refusal(record('core', 'A title of more than twenty bytes'))).message, /give 1 to 20/);
    await record('core', 'Bill 17');
    assert.deepEqual((await read<{ title: string }[]>('supplier', 'History')).map(({ title }) => title), ['Bill 17', 'Bill of lading 17']);
  });

  const troubles: Record<string, { name: string; image: () => string; told: RegExp }> = {
    'is not there': { name: 'ghost', image: () => nowhere, told: /^ProgramMissing: .*localhost:1\/ghost/ },
    'serves no contract': { name: 'idle', image: () => byDigest(idle, 'pause'), told: /nothing listens at its port 9999 yet/ },
  };
  for (const [what, { name, image, told }] of Object.entries(troubles)) {
    test(`an image that ${what} is named within 30 s, and its deployment can be cancelled`, async () => {
      const id = await begin(api, 'deployContract', deployment(image(), name));
      await until('the member is told why', () => told.test(reason(name)) || assert.fail(reason(name)), 30_000);
      await until('the operation says it too', async () => (await operation(api, id)).steps.some(({ message }) => message?.includes(name === 'ghost' ? nowhere : 'port 9999')), 30_000);
      await api.request('mutation($id: ID!) { cancelOperation(id: $id) { id } }', { id });
      await until('it is cancelled', async () => (await operation(api, id)).state === 'cancelled');
    });
  }
});
