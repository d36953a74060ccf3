import { contractDefinition } from '@guildhall/agreement';
import { CommitError, buildProposal, type NodeEndpoint } from '@guildhall/fabric';
import { keyOf, refOf } from '@guildhall/kubernetes';
import type { SigningPurpose } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { attempt } from '../fabric-problem.ts';
import { memberLabels } from '../names.ts';
import { stalled, waiting, type Outcome } from '../outcome.ts';
import type { Signing, SigningTask } from '../signing/signing-requests.ts';
import { administratorOf, noAdministrator, packageOf, type Step } from './install.ts';

export interface Approving extends Step {
  sequence: number;
  /** One of the member's own peers that is in the channel. */
  peer: NodeEndpoint;
  orderers: readonly NodeEndpoint[];
}

type Signed = Extract<Signing, { kind: 'signed' }>;

/** core/chaincode/lifecycle/lifecycle.go: the same approval is there already, package and all. */
const alreadyApproved = /with unchanged content/;

/** Records the member's approval on the ledger; undefined when it is there. */
export async function approve(context: OperatorContext, step: Approving): Promise<Outcome | undefined> {
  const { signing } = context;
  const transaction = await signing.find(taskOf(step, 'approve-transaction'), step.now);
  if (transaction.kind === 'signed') return submit(context, step, transaction);
  if (transaction.kind !== 'absent') return unsigned(transaction);
  const proposal = await signing.find(taskOf(step, 'approve-proposal'), step.now);
  if (proposal.kind === 'signed') return endorse(context, step, proposal);
  if (proposal.kind !== 'absent') return unsigned(proposal);
  return propose(context, step);
}

const taskOf = ({ installation, contract, member, sequence }: Approving, purpose: SigningPurpose): SigningTask => ({
  intent: installation,
  purpose,
  target: `${contract.metadata.name} ${sequence}`,
  labels: memberLabels(member),
});

const unsigned = (signing: Extract<Signing, { kind: 'waiting' | 'denied' }>): Outcome =>
  signing.kind === 'denied' ? stalled('Denied', `The signer refused the approval: ${signing.message}`) : waiting('WaitingForSignature', signing.message);

const asked = waiting('WaitingForSignature', "Waiting for the signature of the member's administrator on its approval.");

async function propose({ signing, nonce }: OperatorContext, step: Approving): Promise<Outcome> {
  const { contract, member, sequence, now } = step;
  const creator = administratorOf(member);
  if (creator === undefined) return noAdministrator;
  const definition = contractDefinition(contract.metadata.name, contract.spec, sequence);
  const call = { kind: 'ApproveChaincodeDefinitionForMyOrg' as const, channel: contract.spec.channel, definition, packageId: packageOf(contract).packageId };
  await signing.ask(taskOf(step, 'approve-proposal'), buildProposal(call, { creator, nonce: nonce(), timestamp: new Date(now) }).bytes);
  return asked;
}

/** The member's own peer endorses its approval; what comes of it needs the second signature. */
async function endorse({ signing, fabric }: OperatorContext, step: Approving, proposal: Signed): Promise<Outcome | undefined> {
  const endorsed = await attempt(() => fabric.channels.endorse([step.peer], proposal, step.signal));
  if (!('failed' in endorsed)) {
    await signing.ask(taskOf(step, 'approve-transaction'), endorsed.result.bytes);
    return asked;
  }
  if (alreadyApproved.test(endorsed.error.message)) return undefined;
  // The same bytes may be taken later; those of a transaction that is on the ledger never again.
  if (/duplicate transaction found/.test(endorsed.error.message)) await signing.discard(proposal.request);
  return endorsed.failed;
}

async function submit(context: OperatorContext, step: Approving, transaction: Signed): Promise<Outcome | undefined> {
  const { signing, fabric, clients, approvals } = context;
  const { orderers, peer, member, now } = step;
  const reader = clients.reader(member);
  if (reader === undefined) return waiting('WaitingForCertificate', "Waiting for the operator's own certificate, with which it reads the ledger.");
  const taken = await approvals.take(keyOf(refOf(step.installation)), transaction.request.metadata.uid ?? '', (signal) =>
    attempt(() => fabric.channels.submit({ orderers, peer, reader }, transaction, signal), 50),
  );
  if (taken === undefined) return waiting('WaitingForCommit', "The member's approval is on its way to the ledger.");
  const submitted = taken.result;
  if (!('failed' in submitted)) return undefined;
  if (submitted.error instanceof CommitError) {
    // It is on the ledger as invalid, so its bytes are used up. The proposal first: it would only bring back this transaction.
    const proposal = await signing.find(taskOf(step, 'approve-proposal'), now);
    if (proposal.kind === 'signed') await signing.discard(proposal.request);
    await signing.discard(transaction.request);
  }
  return submitted.failed;
}
