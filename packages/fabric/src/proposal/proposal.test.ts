import assert from 'node:assert/strict';
import test from 'node:test';
import { common, peer } from '@hyperledger/fabric-protos';
import { parseSignatureRule } from '../policy/index.ts';
import { utf8 } from '../protobuf.ts';
import { CHANNEL_ENDORSEMENT, type Call, type ContractDefinition, buildProposal, decodeProposal, joinProposal } from './index.ts';

const creator = { mspId: 'BankMSP', certificate: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n' };
const context = { creator, nonce: new Uint8Array(24).fill(7), timestamp: new Date('2026-01-02T03:04:05.678Z') };

const definition: ContractDefinition = {
  name: 'receivable',
  version: '1',
  sequence: 1,
  initRequired: false,
  endorsementPolicy: { kind: 'signature', rule: parseSignatureRule(`OutOf(2, 'A.peer', 'B.peer', 'C.peer')`) },
  collections: [
    {
      name: 'terms',
      memberPolicy: parseSignatureRule(`OR('A.member', 'B.member')`),
      requiredPeerCount: 1,
      maximumPeerCount: 2,
      blockToLive: 0,
      memberOnlyRead: true,
      memberOnlyWrite: false,
      endorsementPolicy: CHANNEL_ENDORSEMENT,
    },
  ],
};
const plain: ContractDefinition = { ...definition, endorsementPolicy: CHANNEL_ENDORSEMENT, collections: [] };
const channel = 'trade';

const calls: readonly Call[] = [
  { kind: 'Invoke', channel, contract: 'receivable', function: 'Issue', args: [utf8('{"id":1}'), new Uint8Array([0, 255])] },
  {
    kind: 'Invoke',
    channel,
    contract: 'receivable',
    function: 'Issue',
    args: [],
    transient: { secret: utf8('x'), another: utf8('y') },
    isInit: true,
  },
  { kind: 'JoinChain', block: new Uint8Array([1, 2, 3]) },
  { kind: 'GetChannels' },
  { kind: 'GetConfigBlock', channel },
  { kind: 'GetChainInfo', channel },
  { kind: 'GetBlockByNumber', channel, number: 12 },
  { kind: 'GetBlockByTxID', channel, transactionId: 'ab' },
  { kind: 'GetTransactionByID', channel, transactionId: 'ab' },
  { kind: 'InstallChaincode', package: new Uint8Array([31, 139]) },
  { kind: 'QueryInstalledChaincode', packageId: 'receivable_1:ff' },
  { kind: 'QueryInstalledChaincodes' },
  { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition, packageId: 'receivable_1:ff' },
  { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition: plain },
  { kind: 'CheckCommitReadiness', channel, definition },
  { kind: 'CommitChaincodeDefinition', channel, definition: plain },
  { kind: 'QueryChaincodeDefinition', channel, name: 'receivable' },
  { kind: 'QueryChaincodeDefinitions', channel },
  { kind: 'QueryApprovedChaincodeDefinition', channel, name: 'receivable' },
  { kind: 'QueryApprovedChaincodeDefinition', channel, name: 'receivable', sequence: 2 },
];

test('every call is read back from the bytes that are signed, and the same input gives the same bytes', () => {
  for (const call of calls) {
    const { bytes, transactionId } = buildProposal(call, context);
    const decoded = decodeProposal(bytes);
    assert.deepEqual(decoded.call, call, call.kind);
    assert.deepEqual(
      { ...decoded, call: undefined },
      { call: undefined, creator, transactionId, nonce: context.nonce, timestamp: context.timestamp },
    );
    assert.deepEqual(buildProposal(call, context).bytes, bytes);
    assert.deepEqual(joinProposal(bytes, new Uint8Array([1])).getProposalBytes_asU8(), bytes);
  }
});

/** Rebuilds a proposal with one of its layers changed by hand, as somebody who wants a signature under something else would. */
function tampered(
  call: Call,
  change: { header?: (header: common.ChannelHeader) => void; input?: (input: peer.ChaincodeInput) => void },
): Uint8Array {
  const proposal = peer.Proposal.deserializeBinary(buildProposal(call, context).bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  change.header?.(channelHeader);
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  change.input?.(invocation.getChaincodeSpec()!.getInput()!);
  payload.setInput(invocation.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  return proposal.serializeBinary();
}

test('bytes that a peer could read otherwise than the signer are refused', () => {
  const approve: Call = { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition: plain };
  const { bytes } = buildProposal(approve, context);
  const other = buildProposal({ ...approve, channel: 'other' }, context).bytes;
  const chainInfo: Call = { kind: 'GetChainInfo', channel };
  const refused: [string, Uint8Array, RegExp][] = [
    ['two proposals in one', Buffer.concat([bytes, other]), /not its plain encoding/],
    ['an unknown field', Buffer.concat([bytes, Buffer.from([0x7a, 1, 0])]), /not its plain encoding/],
    ['cut short', bytes.subarray(0, bytes.length - 1), /cannot be read as Proposal/],
    [
      'another contract in the header',
      tampered(approve, { header: (header) => header.setExtension$(extensionFor('lscc')) }),
      /names the contract "lscc", the call "_lifecycle"/,
    ],
    ['another type', tampered(approve, { header: (header) => header.setType(common.HeaderType.CONFIG_UPDATE) }), /type 2 instead of 3/],
    ['another transaction id', tampered(approve, { header: (header) => header.setTxId('00') }), /does not follow from creator and nonce/],
    [
      'another channel in the header',
      tampered(chainInfo, { header: (header) => header.setChannelId('other') }),
      /names channel "trade" in its arguments and "other"/,
    ],
    ['no channel', tampered(approve, { header: (header) => header.setChannelId('') }), /needs a channel/],
    [
      'a channel where none belongs',
      tampered({ kind: 'GetChannels' }, { header: (header) => header.setChannelId('x') }),
      /concerns the peer/,
    ],
    ['an argument too many', tampered(chainInfo, { input: (input) => input.addArgs(utf8('more')) }), /has 2 arguments instead of 1/],
    [
      'an argument too few',
      tampered(chainInfo, { input: (input) => input.setArgsList([utf8('GetChainInfo')]) }),
      /no argument 1 of GetChainInfo/,
    ],
    [
      'an unknown function',
      tampered(approve, { input: (input) => input.setArgsList([utf8('Uninstall')]) }),
      /not a call that Guildhall makes/,
    ],
    ['an init flag', tampered(approve, { input: (input) => input.setIsInit(true) }), /neither transient data nor an init flag/],
  ];
  for (const [name, bytes, message] of refused)
    assert.throws(() => decodeProposal(bytes), { name: 'DecodeError', code: 'MALFORMED_MESSAGE', message }, name);
});

function extensionFor(name: string): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(name);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  return extension.serializeBinary();
}
