import type { peer } from '@hyperledger/fabric-protos';
import { submit, type CommitStatus, type Submission } from '../commit/index.ts';
import { endorse } from '../endorser/index.ts';
import { randomNonce, type Signer } from '../identity/index.ts';
import {
  buildTransaction,
  joinEnvelope,
  signProposal,
  type Call,
  type ContractDefinition,
  type UnsignedTransaction,
} from '../proposal/index.ts';
import type { CallOptions, NodeEndpoint } from '../transport/index.ts';

/** Where a transaction is endorsed and ordered, and whose word on its commit counts. */
export interface TransactionRoute extends Submission {
  /** Peers that endorse: all of them must. */
  readonly endorsers: readonly NodeEndpoint[];
}

/** A committed transaction and what the contract returned. */
export interface Committed extends CommitStatus {
  readonly result: Uint8Array;
}

/** Asks all endorsers at once; the second half is to sign the transaction's bytes and `joinEnvelope` them. */
export async function endorseByAll(
  { connections, endorsers }: Pick<TransactionRoute, 'connections' | 'endorsers'>,
  proposal: { bytes: Uint8Array; signed: peer.SignedProposal },
  options?: CallOptions,
): Promise<UnsignedTransaction> {
  const endorsed = await Promise.all(endorsers.map((node) => endorse(connections, node, proposal.signed, options)));
  return buildTransaction(proposal.bytes, endorsed);
}

/** The whole way of one call, for a signer at hand: endorse, sign, order, committed. */
export async function transact(route: TransactionRoute, signer: Signer, call: Call, options?: CallOptions): Promise<Committed> {
  const proposal = await signProposal(call, signer, { nonce: randomNonce(), timestamp: new Date() });
  const { bytes, transactionId, channel, result } = await endorseByAll(route, proposal, options);
  const envelope = joinEnvelope(bytes, await signer.sign(bytes));
  return { ...(await submit(route, { envelope, transactionId, channel }, options)), result };
}

/** A member's approval, endorsed by its own peer only and signed by its administrator. Without a package id it approves without running the contract. */
export function approveDefinition(
  route: TransactionRoute,
  admin: Signer,
  channel: string,
  definition: ContractDefinition,
  packageId?: string,
  options?: CallOptions,
): Promise<Committed> {
  return transact(
    route,
    admin,
    { kind: 'ApproveChaincodeDefinitionForMyOrg', channel, definition, ...(packageId === undefined ? {} : { packageId }) },
    options,
  );
}

/** The commit of what enough members approved, endorsed by peers of as many members as the channel's LifecycleEndorsement policy wants. Any client of the channel may sign. */
export function commitDefinition(
  route: TransactionRoute,
  signer: Signer,
  channel: string,
  definition: ContractDefinition,
  options?: CallOptions,
): Promise<Committed> {
  return transact(route, signer, { kind: 'CommitChaincodeDefinition', channel, definition }, options);
}
