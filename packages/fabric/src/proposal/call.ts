import type { ContractDefinition } from './definition.ts';

/** A transaction or query of a contract. The first argument is the function by fabric-contract-api's convention. */
export interface ContractCall {
  readonly kind: 'Invoke';
  readonly channel: string;
  readonly contract: string;
  readonly function: string;
  readonly args: readonly Uint8Array[];
  /** Reaches the endorsing peers only, never the ledger. */
  readonly transient?: Readonly<Record<string, Uint8Array>>;
  readonly isInit?: boolean;
}

interface OfChannel {
  readonly channel: string;
}
interface OfDefinition extends OfChannel {
  readonly definition: ContractDefinition;
}

/** What each call of a peer's system contracts carries. Calls without a channel concern the peer itself. */
export interface SystemCalls {
  // cscc, the peer's configuration
  JoinChain: { readonly block: Uint8Array };
  GetChannels: object;
  GetConfigBlock: OfChannel;
  // qscc, queries of the ledger
  GetChainInfo: OfChannel;
  GetBlockByNumber: OfChannel & { readonly number: number };
  GetBlockByTxID: OfChannel & { readonly transactionId: string };
  GetTransactionByID: OfChannel & { readonly transactionId: string };
  // _lifecycle
  InstallChaincode: { readonly package: Uint8Array };
  QueryInstalledChaincode: { readonly packageId: string };
  QueryInstalledChaincodes: object;
  /** Without a package id the member approves the definition but does not run the contract. */
  ApproveChaincodeDefinitionForMyOrg: OfDefinition & { readonly packageId?: string };
  CheckCommitReadiness: OfDefinition;
  CommitChaincodeDefinition: OfDefinition;
  QueryChaincodeDefinition: OfChannel & { readonly name: string };
  QueryChaincodeDefinitions: OfChannel;
  /** Without a sequence the newest approval. */
  QueryApprovedChaincodeDefinition: OfChannel & { readonly name: string; readonly sequence?: number };
}

export type SystemCallKind = keyof SystemCalls;

/** A call of a system contract, named as in Fabric. */
export type SystemCall<K extends SystemCallKind = SystemCallKind> = { [P in K]: { readonly kind: P } & SystemCalls[P] }[K];

/** Everything a peer can be asked by a proposal. */
export type Call = ContractCall | SystemCall;

/** The channel of a call; empty for what concerns the peer itself. */
export const channelOf = (call: Call): string => ('channel' in call ? call.channel : '');
