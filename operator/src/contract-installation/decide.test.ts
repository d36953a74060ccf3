import assert from 'node:assert/strict';
import test from 'node:test';
import { specDigest, type Channel, type Consortium, type Contract, type ContractInstallation } from '@guildhall/resources';
import { stalled, waiting } from '../outcome.ts';
import { installationOutcome, isCommitted, refusedInstallation, type InstallationProgress, type InstallationReferences } from './decide.ts';

const apiVersion = 'guildhall.dev/v1alpha1';
const artifactDigest = `sha256:${'ab'.repeat(32)}`;
const contract: Contract = {
  apiVersion, kind: 'Contract', metadata: { name: 'receivable', namespace: 'gh-trade', generation: 2 },
  spec: { channel: 'trade', version: '1', artifactDigest, endorsementPolicy: '' },
  status: { observedGeneration: 2, sequence: 1, committed: { sequence: 1, version: '1', artifactDigest, endorsementPolicy: '' } },
};
const channel: Channel = {
  apiVersion, kind: 'Channel', metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { members: [{ name: 'acme' }], orderers: [], ordering: { type: 'raft' }, policies: { endorsement: 'ANY Endorsement', lifecycleEndorsement: 'ANY Endorsement' } },
};
const consortium: Consortium = {
  apiVersion, kind: 'Consortium', metadata: { name: 'trade', namespace: 'gh-trade' },
  spec: { ledger: { engine: 'fabric', version: '3.1' }, profile: 'sandbox', members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: 'gh-trade--acme' }] },
};
const installation: ContractInstallation = {
  apiVersion, kind: 'ContractInstallation', metadata: { name: 'receivable', namespace: 'gh-trade--acme' },
  spec: { contract: { namespace: 'gh-trade', name: 'receivable' }, contractDigest: specDigest(contract.spec), artifactDigest, peers: ['peer0'] },
};
const references: InstallationReferences = { installation, memberName: 'acme', consortium, contract, channel };
const refused = (change: Partial<InstallationReferences>): string | undefined => {
  const outcome = refusedInstallation({ ...references, ...change });
  return outcome && `${outcome.kind} ${outcome.kind === 'ready' ? '' : outcome.reason}`;
};
const withSpec = (change: Partial<ContractInstallation['spec']>): Partial<InstallationReferences> => ({ installation: { ...installation, spec: { ...installation.spec, ...change } } });

test('only the very contract and code that the member agreed to are run', () => {
  assert.equal(refused({}), undefined);
  assert.equal(refused(withSpec({ contractDigest: `sha256:${'0'.repeat(64)}` })), 'stalled ConsentOutdated');
  assert.equal(refused(withSpec({ artifactDigest: `sha256:${'cd'.repeat(32)}` })), 'stalled ConsentOutdated');
  assert.equal(refused({ contract: undefined }), 'waiting WaitingForReference');
  assert.equal(refused(withSpec({ contract: { namespace: 'gh-other', name: 'receivable' } })), 'stalled ReferenceNotAllowed');
  assert.equal(refused({ memberName: 'stranger' }), 'stalled ReferenceNotAllowed');
  assert.equal(refused({ installation: { ...installation, metadata: { ...installation.metadata, name: 'other' } } }), 'stalled InvalidSpec');
});

const progress: InstallationProgress = { contract, withoutPackage: [], approved: true, obstacles: [undefined] };
const told = (change: Partial<InstallationProgress>): string => {
  const outcome = installationOutcome({ ...progress, ...change });
  return outcome.kind === 'ready' ? 'ready' : `${outcome.kind} ${outcome.reason}`;
};

test('it is ready when it is installed, approved, committed and running', () => {
  assert.equal(told({}), 'ready');
  assert.equal(told({ withoutPackage: ['peer0'] }), 'waiting WaitingForInstall');
  assert.equal(told({ approved: false }), 'waiting WaitingForApproval');
  assert.equal(told({ contract: { ...contract, status: { observedGeneration: 2, sequence: 1 } } }), 'waiting WaitingForCommit');
});

test('what a person must do is told before what failed, and that before what is waited for', () => {
  const [wait, failure, stall] = [waiting('WaitingForSignature', ''), waiting('Failed', '', 250), stalled('Denied', '')];
  assert.equal(told({ obstacles: [wait, failure, stall] }), 'stalled Denied');
  assert.equal(told({ obstacles: [wait, failure] }), 'waiting Failed');
  assert.equal(told({ obstacles: [undefined, wait] }), 'waiting WaitingForSignature');
});

test('it is looked at again as soon as anything asks for it, whatever is told', () => {
  const outcome = installationOutcome({ ...progress, obstacles: [waiting('ProgramMissing', '', 1_000), waiting('Failed', '', 250)] });
  assert.deepEqual(outcome, waiting('ProgramMissing', '', 250));
});

test('a definition is committed when the ledger has it for the spec as it is now', () => {
  assert.equal(isCommitted(contract), true);
  assert.equal(isCommitted({ ...contract, metadata: { ...contract.metadata, generation: 3 } }), false);
  assert.equal(isCommitted({ ...contract, status: { ...contract.status, sequence: 2 } }), false);
  assert.equal(isCommitted({ ...contract, spec: { ...contract.spec, artifactDigest: `sha256:${'cd'.repeat(32)}` } }), false);
});
