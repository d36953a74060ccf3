import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { channelConfiguration } from '@guildhall/agreement';
import { buildGenesisBlock, type ChannelConfiguration } from '@guildhall/fabric';
import type { KubernetesObject } from '@guildhall/kubernetes';
import { common } from '@hyperledger/fabric-protos';
import { TestConsortium } from '../../test/consortium.ts';
import { demo, emptyLog, examined, genesis, join, refused, renew, seed } from '../../test/signing-desk.ts';
import { Refusal } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';

beforeEach(renew);

test('every deviation of the first block from the agreement is found and named', async () => {
  const [, bank] = demo.agreed.members;
  const cases: [RegExp, (configuration: ChannelConfiguration) => object][] = [
    [/not the first of channel trade/, () => ({ channel: 'other' })],
    [/BatchTimeout|every|timeout/i, ({ batch }) => ({ batch: { ...batch, timeoutMs: batch.timeoutMs + 1 } })],
    [/MessageCount/i, ({ batch }) => ({ batch: { ...batch, maxMessageCount: 1 } })],
    [/tick/i, ({ ordering }) => ({ ordering: { ...ordering, options: { ...ordering.options, tickIntervalMs: 7 } } })],
    [/consenter|ConsensusType/i, ({ ordering }) => ({ ordering: { ...ordering, consenters: ordering.consenters.slice(0, 1) } })],
    [/differs in an order/, ({ ordering }) => ({ ordering: { ...ordering, consenters: ordering.consenters.toReversed() } })],
    [
      /127\.9\.0\.2:1\b/,
      ({ ordering }) => ({ ordering: { ...ordering, consenters: ordering.consenters.map((consenter) => ({ ...consenter, port: 1 })) } }),
    ],
    [/Application/, ({ applicationOrganizations }) => ({ applicationOrganizations: applicationOrganizations.slice(0, 1) })],
    [
      /AnchorPeers|anchor/i,
      ({ applicationOrganizations }) => ({
        applicationOrganizations: applicationOrganizations.map((organization) => ({ ...organization, anchorPeers: [] })),
      }),
    ],
    [
      /polic/i,
      ({ applicationOrganizations: [first, ...rest] }) => ({
        applicationOrganizations: [
          { ...first!, policies: { Admins: { kind: 'implicitMeta', rule: 'ANY', subPolicy: 'Admins' } } },
          ...rest,
        ],
      }),
    ],
    [
      /polic/i,
      ({ policies }) => ({
        policies: {
          ...policies,
          application: { ...policies?.application, Endorsement: { kind: 'implicitMeta', rule: 'ANY', subPolicy: 'Endorsement' } },
        },
      }),
    ],
    [/capabilit/i, ({ capabilities }) => ({ capabilities: { ...capabilities, application: ['V2_0'] } })],
    [/ACLs/, () => ({ acls: { 'qscc/GetBlockByNumber': '/Channel/Application/Admins' } })],
  ];
  for (const [message, change] of cases) await refused('Denied', message, join(genesis(change)));
  const other = (await TestConsortium.create()).agreed;
  const swapped = { ...demo.agreed, members: [other.members[0]!, bank!], orderers: [other.orderers[0]!, demo.agreed.orderers[1]!] };
  await refused('Denied', /MSP/, join(genesis(() => ({}), swapped)));
});

test("a consenter's certificate is the node's own, from its member's own authority", async () => {
  const certificate = demo.nodes.acme.orderer.status!.certificates![0]!;
  for (const pem of [await demo.bank.issueNodeTls('orderer0'), await demo.acme.issueNodeTls('orderer1')]) {
    certificate.pem = pem;
    await refused('Denied', /TLS certificate of orderer orderer0 of acme/, join());
  }
});

test("a member of another consortium is not taken for this one's, whatever the consortium's list says", async () => {
  const request = join();
  demo.members.acme.spec.consortium = { namespace: 'gh-other', name: 'other' };
  await refused('ReferenceNotAllowed', /acme of namespace gh-demo--acme, which belongs to another consortium/, request);
});

test('consent to another channel, or to this one as it is not, is no consent of that member', async () => {
  const request = join();
  const { spec } = demo.memberships.acme;
  for (const change of [
    { channel: { namespace: 'gh-other', name: 'trade' } },
    { channel: { namespace: 'gh-demo', name: 'other' } },
    { channelDigest: `sha256:${'0'.repeat(64)}` },
  ]) {
    demo.memberships.acme.spec = { ...spec, ...change };
    await refused('WaitingForConsent', /acme has not consented to channel trade as it is/, request);
  }
  demo.memberships.acme.spec = { ...spec, orderers: [] };
  await refused('WaitingForConsent', /acme has not consented to order channel trade with its node orderer0/, request);
});

test('what is not published yet is waited for, not denied', async () => {
  const request = join();
  const waits = async (hidden: KubernetesObject[]): Promise<boolean> => {
    const error: unknown = await examined(request, { hidden }).catch((error: unknown) => error);
    assert(error instanceof Refusal, String(error));
    return !error.final;
  };
  assert(await waits([demo.nodes.acme.orderer]));
  assert(await waits([demo.nodes.acme.peer]));
  assert(await waits([demo.memberships.acme]));
  assert(await waits([demo.members.acme]));
  delete demo.nodes.acme.orderer.status!.certificates;
  assert(await waits([]));
});

test('a block that was examined once stays agreed, though what it was built from has changed since', async () => {
  const request = join();
  const { subject } = await examined(request);
  demo.memberships.acme.spec.anchorPeers = [];
  await refused('Denied', /anchor/i, request);
  const log: SignatureLog = {
    ...emptyLog,
    knows: (uid, purpose, known) =>
      Promise.resolve(uid === demo.members.bank.metadata.uid && purpose === 'join-channel' && known === subject),
  };
  await examined(request, { log });
  demo.channel.metadata.uid = 'uid-of-a-channel-made-anew';
  await refused('Denied', /anchor/i, request, { log });
});

test('a block that is not exactly a first block is refused', async () => {
  const block = genesis();
  await refused('Denied', /not a block|cannot|no /i, join(new Uint8Array([1, 2, 3])));
  await assert.rejects(examined(join(new Uint8Array())));
  await assert.rejects(examined(join(Buffer.concat([block, Buffer.from([0x22, 0x00])]))), 'bytes after it');
  const { timestamp, nonce } = seed();
  const configuration = channelConfiguration(demo.agreed);
  await refused('Denied', /nonce of the block has 4 bytes/, join(buildGenesisBlock(configuration, { timestamp, nonce: nonce.subarray(0, 4) })));
});

test('a block with a date that no calendar has is refused like any other', async () => {
  const block = common.Block.deserializeBinary(genesis());
  const envelope = common.Envelope.deserializeBinary(block.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
  header.getTimestamp()?.setSeconds(9e15);
  payload.getHeader()?.setChannelHeader(header.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  block.getData()?.setDataList([envelope.serializeBinary()]);
  await refused('Denied', /date beyond the calendar/, join(block.serializeBinary()));
});
