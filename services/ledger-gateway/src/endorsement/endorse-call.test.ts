import { ConnectError, decodeProposal, outOf, signedByRole, type Connections, type FabricErrorCode, type NodeEndpoint } from '@guildhall/fabric';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { common, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelView } from '../directory/channel-view.ts';
import { createEndorser } from './endorse-call.ts';
import { createHeights } from './heights.ts';
import { createSilentPeers } from './silent-peers.ts';

const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';

function answer(status: number, message: string, payload: Uint8Array): Uint8Array {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  response.setPayload(payload);
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setExtension$(action.serializeBinary());
  const proposalResponse = new peer.ProposalResponse();
  proposalResponse.setResponse(response);
  proposalResponse.setPayload(responsePayload.serializeBinary());
  proposalResponse.setEndorsement(new peer.Endorsement());
  return proposalResponse.serializeBinary();
}
const endorses = (result = 'done'): Uint8Array => answer(200, '', Buffer.from(result));
const refuses = answer(500, 'not yours', new Uint8Array());
const garbage = new Uint8Array([0xff]);
const fails = (code: FabricErrorCode, address: string): ConnectError => new ConnectError(code, `${address}: ${code}`, { nodes: [{ address, message: code }] });

type Says = (call: number) => Uint8Array | ConnectError;

/** Members a, b and c, of which two must endorse, each with one peer that says what it is told to say. `heights`: what they say of their height. */
function members(says: Readonly<Record<string, Says>>, heights: (address: string) => number | ConnectError = () => 0) {
  const asked: string[] = [];
  const connections: Connections = {
    close: () => undefined,
    duplex: () => {
      throw new Error('not used');
    },
    unary: ({ address }, _method, request) => {
      const { call } = decodeProposal(peer.SignedProposal.deserializeBinary(request).getProposalBytes_asU8());
      let said: Uint8Array | ConnectError | undefined;
      if (call.kind === 'GetChainInfo') {
        const height = heights(address);
        const info = new common.BlockchainInfo();
        if (typeof height === 'number') info.setHeight(height);
        said = typeof height === 'number' ? answer(200, '', info.serializeBinary()) : height;
      } else {
        asked.push(address);
        said = says[address]?.(asked.filter((each) => each === address).length);
      }
      assert.ok(said, `${address} is asked`);
      return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
    },
  };
  const clock = createFakeClock();
  const known = createHeights({ connections, clock });
  const names = ['a', 'b', 'c'];
  const endpoint = (name: string): NodeEndpoint => ({ address: name, tlsRoots: [], mspId: `${name}MSP` });
  const view: ChannelView = {
    channel: 'trade',
    key: 'trade',
    orderers: [],
    unwell: new Set(),
    rule: outOf(2, names.map((name) => signedByRole(`${name}MSP`, 'peer'))),
    members: names.map((name) => ({
      name,
      namespace: '',
      mspId: `${name}MSP`,
      issuer: '',
      endorsing: true,
      applicationRoles: [],
      peers: [endpoint(name)],
      endorsers: [endpoint(name)],
    })),
  };
  const endorseCall = createEndorser({ connections, clock, heights: known, silent: createSilentPeers(clock) });
  const endorsed = async () => {
    const work = endorseCall({
      call: { kind: 'Invoke', channel: 'trade', contract: 'notes', function: 'Issue', args: [] },
      signer: { identity: { mspId: 'aMSP', certificate }, sign: () => Promise.resolve(new Uint8Array([1])) },
      view,
      member: 'a',
      peerTimeoutMs: 1_000,
      signal: new AbortController().signal,
    });
    work.catch(() => undefined);
    await clock.advance(10_000);
    return (await work).endorsers;
  };
  return { asked, endorsed, told: (blockNumber: number) => known.saw(view, blockNumber) };
}

test('a peer that hangs, garbles or is too busy is replaced by that of another member', async () => {
  for (const broken of [fails('DEADLINE_EXCEEDED', 'b'), fails('OVERLOADED', 'b'), garbage]) {
    const { endorsed } = members({ a: () => endorses(), b: () => broken, c: () => endorses() });
    assert.deepEqual(await endorsed(), ['aMSP', 'cMSP']);
  }
});

test('when too few are left, what they said is said, with what to do about it', async () => {
  const { endorsed } = members({ a: () => endorses(), b: () => fails('CONTRACT_UNREACHABLE', 'b'), c: () => fails('CONTRACT_UNREACHABLE', 'c') });
  await assert.rejects(endorsed(), { code: 'NOT_ENOUGH_ENDORSEMENTS', message: /only a has a peer.*c: CONTRACT_UNREACHABLE/, nextAction: /contract's instance/ });
  const busy = members({ a: () => fails('OVERLOADED', 'a'), b: () => fails('OVERLOADED', 'b'), c: () => fails('OVERLOADED', 'c') });
  await assert.rejects(busy.endorsed(), { code: 'OVERLOADED' });
});

test('a peer that is being started again is waited for, when no other will do', async () => {
  const restarting = members({ a: () => endorses(), b: (call) => (call < 4 ? fails('UNREACHABLE', 'b') : endorses()), c: () => fails('OVERLOADED', 'c') });
  assert.deepEqual(await restarting.endorsed(), ['aMSP', 'bMSP']);
  assert.equal(restarting.asked.filter((each) => each === 'c').length, 1, 'one that is at fault otherwise is not asked again');
  const gone = members({ a: () => endorses(), b: () => fails('UNREACHABLE', 'b'), c: () => fails('UNREACHABLE', 'c') });
  await assert.rejects(gone.endorsed(), { code: 'NOT_ENOUGH_ENDORSEMENTS', message: /only a has a peer/ });
  assert.ok(gone.asked.filter((each) => each === 'b').length <= 12, 'ten times a second');
});

test('peers that disagree are asked again, and named when they go on', async () => {
  const late = members({ a: () => endorses('new'), b: (call) => endorses(call < 3 ? 'old' : 'new') });
  assert.deepEqual(await late.endorsed(), ['aMSP', 'bMSP']);
  assert.equal(late.asked.length, 6);
  const lying = members({ a: () => endorses('one'), b: () => endorses('another') });
  await assert.rejects(lying.endorsed(), { code: 'ENDORSEMENT_MISMATCH', message: /bMSP \(b\) answered differently from aMSP/ });
});

test('a refusal of all is final; one of a peer that is behind is not', async () => {
  const refused = members({ a: () => refuses, b: () => refuses });
  await assert.rejects(refused.endorsed(), { code: 'CONTRACT_REFUSED', message: /not yours/ });
  assert.equal(refused.asked.length, 2);

  let height = 7;
  const behind = members({ a: () => (height < 8 ? refuses : endorses()), b: () => (height < 8 ? refuses : endorses()) }, () => height++);
  behind.told(7);
  assert.deepEqual(await behind.endorsed(), ['aMSP', 'bMSP']);
});

test("a peer that does not say how far it is does not hide the contract's refusal", async () => {
  const { told, endorsed } = members({ a: () => refuses, b: () => refuses }, (address) => fails('UNREACHABLE', address));
  told(7);
  await assert.rejects(endorsed(), { code: 'CONTRACT_REFUSED', message: /not yours/ });
});
