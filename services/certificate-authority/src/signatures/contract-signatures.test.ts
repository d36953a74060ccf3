import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { contractDefinition, contractPackage } from '@guildhall/agreement';
import { type Call } from '@guildhall/fabric';
import { specDigest, type SigningPurpose, type SigningRequest } from '@guildhall/resources';
import { now } from '../../test/fixtures.ts';
import {
  approvalCall,
  approve,
  demo,
  emptyLog,
  examined,
  genesis,
  install,
  proposal,
  refused,
  renew,
  transaction,
  type Approval,
} from '../../test/signing-desk.ts';
import { Refusal } from './refusal.ts';
import type { SignatureLog } from './signature-log.ts';

beforeEach(renew);

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

test('an approval is sent to the orderers only when its proposal was signed here, under the same consent', async () => {
  const bytes = proposal(approvalCall());
  const { transactionId } = await examined(demo.request('approve-proposal', bytes));
  const request = demo.request('approve-transaction', transaction(bytes));
  await refused('Denied', /does not come from a proposal that was signed/, request);
  const asked: unknown[] = [];
  const signedProposal: SignatureLog['signedProposal'] = (...question) => Promise.resolve(asked.push(question) > 0);
  assert.equal((await examined(request, { log: { ...emptyLog, signedProposal } })).transactionId, transactionId);
  const digest = createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(asked, [[demo.members.bank.metadata.uid, request.spec.intent, { transactionId, digest }]]);
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
