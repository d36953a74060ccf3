import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { channelConfiguration, contractDefinition, contractPackage, type AgreedChannel } from '@guildhall/agreement';
import {
  buildGenesisBlock,
  buildProposal,
  buildTransaction,
  randomNonce,
  serializeIdentity,
  type Call,
  type ChannelConfiguration,
  type Identity,
} from '@guildhall/fabric';
import type { KubernetesObject } from '@guildhall/kubernetes';
import { common, peer } from '@hyperledger/fabric-protos';
import { specDigest, type Reason, type SigningPurpose, type SigningRequest } from '@guildhall/resources';
import { TestConsortium } from '../../test/consortium.ts';
import { now } from '../../test/fixtures.ts';
import { examine, type Examined } from './examine.ts';
import { Refusal, refusalOf } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';

let demo: TestConsortium;
beforeEach(async () => {
  demo = await TestConsortium.create();
});

const emptyLog: SignatureLog = { knows: () => Promise.resolve(false), signedProposal: () => Promise.resolve(false) };

async function examined(
  request: SigningRequest,
  { log = emptyLog, hidden = [], at = now }: { log?: SignatureLog; hidden?: KubernetesObject[]; at?: Date } = {},
): Promise<Examined> {
  try {
    return await examine(request, demo.members.bank, demo.bank.admin, at, {
      reader: demo.reader(hidden),
      authorities: demo.authorities,
      log,
    });
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

async function refused(reason: Reason, message: RegExp, ...args: Parameters<typeof examined>): Promise<void> {
  await assert.rejects(examined(...args), (error) => {
    assert(error instanceof Refusal, String(error));
    assert.match(error.message, message);
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

const seed = () => ({ timestamp: now, nonce: randomNonce() });
const genesis = (change: (configuration: ChannelConfiguration) => object = () => ({}), agreed: AgreedChannel = demo.agreed): Uint8Array => {
  const configuration = channelConfiguration(agreed);
  return buildGenesisBlock({ ...configuration, ...change(configuration) }, seed());
};
const proposal = (
  call: Call,
  { creator = demo.bank.admin, timestamp = now, nonce = randomNonce() }: { creator?: Identity; timestamp?: Date; nonce?: Uint8Array } = {},
): Uint8Array => buildProposal(call, { creator, timestamp, nonce }).bytes;
const join = (block = genesis(), more: Parameters<typeof proposal>[1] = {}): SigningRequest =>
  demo.request('join-channel', proposal({ kind: 'JoinChain', block }, more));
const install = (bytes = contractPackage('receivable', demo.contract.spec).bytes): SigningRequest =>
  demo.request('install-contract', proposal({ kind: 'InstallChaincode', package: bytes }));
type Approval = Extract<Call, { kind: 'ApproveChaincodeDefinitionForMyOrg' }>;
const approvalCall = (change: Partial<Approval> = {}): Approval => ({
  kind: 'ApproveChaincodeDefinitionForMyOrg',
  channel: 'trade',
  definition: contractDefinition('receivable', demo.contract.spec, 1),
  packageId: contractPackage('receivable', demo.contract.spec).packageId,
  ...change,
});
const approve = (change: Partial<Approval> = {}): SigningRequest => demo.request('approve-proposal', proposal(approvalCall(change)));

test('what the member consented to is signed: joining, installing, approving', async () => {
  const joined = await examined(join());
  assert.match(joined.subject, /^trade@sha256:[0-9a-f]{64}$/);
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
  await examined(request, {
    log: {
      ...emptyLog,
      knows: (uid, purpose, known) =>
        Promise.resolve(uid === demo.members.bank.metadata.uid && purpose === 'join-channel' && known === subject),
    },
  });
});

test('a block that is not exactly a first block is refused', async () => {
  const block = genesis();
  await refused('Denied', /not a block|cannot|no /i, join(new Uint8Array([1, 2, 3])));
  await assert.rejects(examined(join(new Uint8Array())));
  await assert.rejects(examined(join(Buffer.concat([block, Buffer.from([0x22, 0x00])]))), 'bytes after it');
});

test('each purpose signs its own call only', async () => {
  const calls: Record<Exclude<SigningPurpose, 'approve-transaction'>, Uint8Array> = {
    'join-channel': proposal({ kind: 'JoinChain', block: genesis() }),
    'install-contract': proposal({ kind: 'InstallChaincode', package: contractPackage('receivable', demo.contract.spec).bytes }),
    'approve-proposal': proposal(approvalCall()),
  };
  for (const purpose of ['join-channel', 'install-contract', 'approve-proposal'] as const) {
    for (const [of, message] of Object.entries(calls)) {
      if (of === purpose) await examined(demo.request(purpose, message));
      else await refused('Denied', /the bytes call/, demo.request(purpose, message));
    }
    const commit: Call = {
      kind: 'CommitChaincodeDefinition',
      channel: 'trade',
      definition: contractDefinition('receivable', demo.contract.spec, 1),
    };
    await refused('Denied', /the bytes call CommitChaincodeDefinition/, demo.request(purpose, proposal(commit)));
    const invoke: Call = { kind: 'Invoke', channel: 'trade', contract: 'receivable', function: 'Issue', args: [] };
    await refused('Denied', /the bytes call Invoke/, demo.request(purpose, proposal(invoke)));
  }
});

test('a package of other code, another name or another version is refused', async () => {
  const { spec } = demo.contract;
  const others = [
    contractPackage('other', spec),
    contractPackage('receivable', { ...spec, version: '1.0.1' }),
    contractPackage('receivable', { ...spec, artifactDigest: `sha256:${'b2'.repeat(32)}` }),
  ];
  for (const { bytes } of others) await refused('Denied', /differ in package/, install(bytes));
  await refused('Denied', /differ in package/, install(Buffer.concat([contractPackage('receivable', spec).bytes, Buffer.from([0])])));
});

test('every field of a definition is the agreed one', async () => {
  const definition = contractDefinition('receivable', demo.contract.spec, 1);
  const changed: [RegExp, Partial<Approval>][] = [
    [/channel/, { channel: 'other' }],
    [/definition\.name/, { definition: { ...definition, name: 'other' } }],
    [/definition\.version/, { definition: { ...definition, version: '2' } }],
    [/sequence 0/, { definition: { ...definition, sequence: 0 } }],
    [/definition\.initRequired/, { definition: { ...definition, initRequired: true } }],
    [
      /definition\.endorsementPolicy/,
      { definition: { ...definition, endorsementPolicy: { kind: 'reference', path: '/Channel/Application/Admins' } } },
    ],
    [
      /definition\.collections/,
      {
        definition: {
          ...definition,
          collections: [
            {
              name: 'c',
              memberPolicy: { kind: 'signedBy', principal: { kind: 'role', mspId: 'BankMSP', role: 'member' } },
              requiredPeerCount: 0,
              maximumPeerCount: 1,
              blockToLive: 0,
              memberOnlyRead: true,
              memberOnlyWrite: true,
            },
          ],
        },
      },
    ],
    [/packageId/, { packageId: 'receivable_1.0.0-a1a1a1a1a1a1a1a1:00' }],
  ];
  for (const [message, change] of changed) await refused('Denied', message, approve(change));
  const { packageId: _, ...withoutPackage } = approvalCall();
  await refused('Denied', /packageId/, demo.request('approve-proposal', proposal(withoutPackage)));
});

test('a contract with a policy of its own is approved with that policy only', async () => {
  demo.contract.spec.endorsementPolicy = "AND('AcmeMSP.peer', 'BankMSP.peer')";
  demo.installation.spec.contractDigest = specDigest(demo.contract.spec);
  await examined(approve());
  await refused(
    'Denied',
    /endorsementPolicy/,
    approve({
      definition: contractDefinition('receivable', { ...demo.contract.spec, endorsementPolicy: "OR('AcmeMSP.peer', 'BankMSP.peer')" }, 1),
    }),
  );
});

/** The transaction that one peer of the bank endorsed, as the operator would put it together. */
function transaction(proposalBytes: Uint8Array, status = 200): Uint8Array {
  const header = common.Header.deserializeBinary(peer.Proposal.deserializeBinary(proposalBytes).getHeader_asU8());
  const response = new peer.Response();
  response.setStatus(status);
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const payload = new peer.ProposalResponsePayload();
  const hash = createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(peer.Proposal.deserializeBinary(proposalBytes).getPayload_asU8());
  payload.setProposalHash(hash.digest());
  payload.setExtension$(action.serializeBinary());
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(serializeIdentity(demo.bank.admin));
  const answer = new peer.ProposalResponse();
  answer.setResponse(response);
  answer.setPayload(payload.serializeBinary());
  answer.setEndorsement(endorsement);
  return buildTransaction(proposalBytes, [{ address: 'peer0:7051', mspId: 'BankMSP', response: answer }]).bytes;
}

test('an approval is sent to the orderers only when its proposal was signed here, under the same consent', async () => {
  const bytes = proposal(approvalCall());
  const { transactionId } = await examined(demo.request('approve-proposal', bytes));
  const request = demo.request('approve-transaction', transaction(bytes));
  await refused('Denied', /does not come from a proposal that was signed/, request);
  const asked: unknown[] = [];
  const signedProposal: SignatureLog['signedProposal'] = (uid, intent, id) => Promise.resolve(asked.push([uid, intent, id]) > 0);
  assert.equal((await examined(request, { log: { ...emptyLog, signedProposal } })).transactionId, transactionId);
  assert.deepEqual(asked, [[demo.members.bank.metadata.uid, request.spec.intent, transactionId]]);
});

test('a transaction of another call, a failed one, a stale one, or of another administrator is refused', async () => {
  const log: SignatureLog = { ...emptyLog, signedProposal: () => Promise.resolve(true) };
  const of = (bytes: Uint8Array, status?: number): SigningRequest => demo.request('approve-transaction', transaction(bytes, status));
  await examined(of(proposal(approvalCall())), { log });
  await refused(
    'Denied',
    /definition\.version/,
    of(proposal(approvalCall({ definition: { ...contractDefinition('receivable', demo.contract.spec, 1), version: '2' } }))),
    { log },
  );
  await refused('Denied', /the bytes call InstallChaincode/, of(proposal({ kind: 'InstallChaincode', package: new Uint8Array([1]) })), {
    log,
  });
  await refused('Denied', /status 201/, of(proposal(approvalCall()), 201), { log });
  await refused('Expired', /make fresh ones/, of(proposal(approvalCall(), { timestamp: new Date(now.getTime() - 11 * 60_000) })), { log });
  await refused('Denied', /not the administrator/, of(proposal(approvalCall(), { creator: demo.acme.admin })), { log });
  await refused('Denied', /./, demo.request('approve-transaction', proposal(approvalCall())), { log });
});

test('no byte of an approval can be changed unnoticed, but for its date', async () => {
  const message = proposal(approvalCall());
  const accepted: number[] = [];
  for (let at = 0; at < message.length; at++) {
    const changed = Uint8Array.from(message);
    changed[at] = changed[at]! ^ 1;
    const outcome = await examined(demo.request('approve-proposal', changed)).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Refusal && error.final ? 'refused' : String(error)),
    );
    if (outcome === 'accepted') accepted.push(at);
    else assert.equal(outcome, 'refused', `byte ${at}`);
  }
  // Seconds and nanoseconds of the timestamp: still today's, still within ten minutes.
  assert(accepted.length <= 8, `bytes ${accepted.join()}`);
});

test('the message is canonical base64 and not too long', async () => {
  const request = approve();
  const withMessage = (message: string): SigningRequest => ({ ...request, spec: { ...request.spec, message } });
  await refused('Denied', /canonical base64/, withMessage(`${request.spec.message}\n`));
  await refused('Denied', /at most/, withMessage(Buffer.alloc(1024 * 1024 + 3).toString('base64')));
});
