import { isSatisfiableBy, outOf, signedByRole, type ContractDefinition } from '@guildhall/fabric';

/** Approvals that a channel keeps for one contract. */
interface Approval {
  sequence: number;
  definition: string;
  packageId: string | undefined;
}

interface ModelContract {
  committed: ContractDefinition | undefined;
  approvals: Map<string, Approval>;
}

export type ModelTransaction =
  | { kind: 'approve'; mspId: string; definition: ContractDefinition; packageId: string | undefined }
  | { kind: 'commit'; definition: ContractDefinition };

/** peer.TxValidationCode of a transaction that read what another has changed since. */
const mvccConflict = 11;

/** A channel's ledger as far as the lifecycle of contracts needs it: one chain that all its nodes have. */
export class ModelLedger {
  readonly channel: string;
  /** MSP ids that count in its policies. */
  readonly members: readonly string[];
  /** Of its first block, which holds the only configuration. */
  readonly genesisHash: Uint8Array;
  height = 1;
  readonly #contracts = new Map<string, ModelContract>();
  /** Validation codes by transaction id. */
  readonly transactions = new Map<string, number>();

  constructor(channel: string, genesisHash: Uint8Array, members: readonly string[]) {
    this.genesisHash = genesisHash;
    this.channel = channel;
    this.members = members;
  }

  contract(name: string): ModelContract {
    const found = this.#contracts.get(name) ?? { committed: undefined, approvals: new Map<string, Approval>() };
    this.#contracts.set(name, found);
    return found;
  }

  nextSequence = (name: string): number => (this.contract(name).committed?.sequence ?? 0) + 1;

  /** Who approved exactly this definition; by MSP id. */
  approvals(definition: ContractDefinition): Record<string, boolean> {
    const { approvals } = this.contract(definition.name);
    const wanted = JSON.stringify(definition);
    return Object.fromEntries(this.members.map((mspId) => [mspId, approvals.get(mspId)?.definition === wanted]));
  }

  /** What an endorsing peer of this member would say; undefined when it endorses. */
  refusal(transaction: ModelTransaction, endorser: string): string | undefined {
    const { definition } = transaction;
    const next = this.nextSequence(definition.name);
    if (transaction.kind === 'commit') {
      if (definition.sequence !== next) return `requested sequence is ${definition.sequence}, but new definition must be sequence ${next}`;
      return this.approvals(definition)[endorser] === true ? undefined : `chaincode definition not agreed to by this org (${endorser})`;
    }
    const { approvals, committed } = this.contract(definition.name);
    const own = approvals.get(transaction.mspId);
    if (definition.sequence !== next && definition.sequence !== committed?.sequence) return `requested sequence is ${definition.sequence}, but new definition must be sequence ${next}`;
    if (definition.sequence === next && own?.definition === JSON.stringify(definition) && own.packageId === transaction.packageId) {
      return `attempted to redefine uncommitted sequence (${definition.sequence}) for namespace ${definition.name} with unchanged content`;
    }
    return undefined;
  }

  /** Puts a transaction into a block; gives its validation code. The same transaction a second time gives the first verdict. */
  order(id: string, transaction: ModelTransaction): number {
    const before = this.transactions.get(id);
    if (before !== undefined) return before;
    this.height += 1;
    const code = this.#apply(transaction);
    this.transactions.set(id, code);
    return code;
  }

  #apply(transaction: ModelTransaction): number {
    const { definition } = transaction;
    const contract = this.contract(definition.name);
    if (transaction.kind === 'approve') {
      contract.approvals.set(transaction.mspId, { sequence: definition.sequence, definition: JSON.stringify(definition), packageId: transaction.packageId });
      return 0;
    }
    const approving = Object.entries(this.approvals(definition)).flatMap(([mspId, approved]) => (approved ? [mspId] : []));
    const majority = outOf(Math.floor(this.members.length / 2) + 1, this.members.map((mspId) => signedByRole(mspId, 'peer')));
    if (definition.sequence !== this.nextSequence(definition.name) || !isSatisfiableBy(majority, approving)) return mvccConflict;
    contract.committed = definition;
    return 0;
  }
}
