import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { common, peer } from '@hyperledger/fabric-protos';
import * as fc from 'fast-check';
import { approvalCall, demo, emptyLog, examined, genesis, install, join, proposal, refused, renew, transaction } from '../../test/signing-desk.ts';
import { Refusal } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';

beforeEach(renew);

interface Parts {
  readonly channelHeader: common.ChannelHeader;
  readonly spec: peer.ChaincodeSpec;
}

/** The same proposal, well-formed and canonical, but for what `change` sets in it. */
function altered(bytes: Uint8Array, change: (parts: Parts) => unknown): Uint8Array {
  const message = peer.Proposal.deserializeBinary(bytes);
  const header = common.Header.deserializeBinary(message.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(message.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  const spec = invocation.getChaincodeSpec();
  assert(spec !== undefined);
  change({ channelHeader, spec });
  header.setChannelHeader(channelHeader.serializeBinary());
  message.setHeader(header.serializeBinary());
  payload.setInput(invocation.serializeBinary());
  message.setPayload(payload.serializeBinary());
  return message.serializeBinary();
}

const hidden: Readonly<Record<string, (parts: Parts) => unknown>> = {
  epoch: ({ channelHeader }) => channelHeader.setEpoch(5),
  'TLS certificate': ({ channelHeader }) => channelHeader.setTlsCertHash(Uint8Array.of(1)),
  'header version': ({ channelHeader }) => channelHeader.setVersion(3),
  language: ({ spec }) => spec.setType(1),
  timeout: ({ spec }) => spec.setTimeout(9),
  path: ({ spec }) => spec.getChaincodeId()?.setPath('x'),
  decorations: ({ spec }) => spec.getInput()?.getDecorationsMap().set('k', Uint8Array.of(1)),
  'a fraction of a millisecond': ({ channelHeader }) => channelHeader.getTimestamp()?.setNanos(1),
};

test('what a peer reads and the agreement does not say is not signed, though it is well-formed', async () => {
  const log: SignatureLog = { ...emptyLog, signedProposal: () => Promise.resolve(true) };
  const plain = proposal(approvalCall());
  assert.deepEqual(altered(plain, () => undefined), plain);
  for (const change of Object.values(hidden)) {
    await refused('Denied', /fields that Guildhall never sets/, demo.request('approve-proposal', altered(plain, change)));
    await refused('Denied', /fields that Guildhall never sets/, demo.request('approve-transaction', transaction(altered(plain, change))), { log });
  }
  const ofOthers = [
    ['join-channel', proposal({ kind: 'JoinChain', block: genesis() })],
    ['install-contract', Buffer.from(install().spec.message, 'base64')],
  ] as const;
  for (const [purpose, bytes] of ofOthers)
    await refused('Denied', /fields that Guildhall never sets/, demo.request(purpose, altered(bytes, ({ spec }) => spec.setTimeout(9))));
});

test('numbers beyond what a program can hold are refused, not tried for ever', async () => {
  const date = (seconds: number) => altered(proposal(approvalCall()), ({ channelHeader }) => channelHeader.getTimestamp()?.setSeconds(seconds));
  for (const seconds of [9e15, -9e15, 2 ** 62]) {
    await refused('Denied', /date beyond the calendar/, demo.request('approve-proposal', date(seconds)));
    await refused('Denied', /date beyond the calendar/, demo.request('approve-transaction', transaction(date(seconds))));
  }
  // The largest 64-bit epoch, of which the protobuf library makes 2^64: its own encoder asserts that there is no such number.
  const message = peer.Proposal.deserializeBinary(proposal(approvalCall()));
  const header = common.Header.deserializeBinary(message.getHeader_asU8());
  header.setChannelHeader(Buffer.concat([header.getChannelHeader_asU8(), Buffer.from('30ffffffffffffffffff01', 'hex')]));
  message.setHeader(header.serializeBinary());
  await refused('Denied', /numbers that no message of Fabric has/, demo.request('approve-proposal', message.serializeBinary()));
});

test('whatever the bytes are, the answer is a refusal or a signature over the agreed call', async () => {
  const messages = [join().spec.message, install().spec.message, proposal(approvalCall()), transaction(proposal(approvalCall()))].map((bytes) =>
    typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes,
  );
  const purposes = ['join-channel', 'install-contract', 'approve-proposal', 'approve-transaction'] as const;
  const edits = fc.array(fc.record({ at: fc.nat(), replacement: fc.uint8Array({ maxLength: 6 }), cut: fc.nat(6) }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.nat(3), edits, async (which, changes) => {
      const [purpose, original] = [purposes[which], messages[which]];
      assert(purpose !== undefined && original !== undefined);
      let bytes: Uint8Array = original;
      for (const { at, replacement, cut } of changes) {
        const place = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, place), replacement, bytes.subarray(place + cut)]);
      }
      const outcome: unknown = await examined(demo.request(purpose, bytes)).catch((error: unknown) => error);
      if (outcome instanceof Error) assert(outcome instanceof Refusal && outcome.final, String(outcome));
      else assert.equal(bytes.length, original.length, 'only the date can differ');
    }),
    { numRuns: 600 },
  );
});
