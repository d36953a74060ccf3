/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AddNodeInput = {
  /** Left out: every channel that the member takes part in. */
  readonly channels?: ReadonlyArray<string> | null | undefined;
  readonly consortium: string;
  /** As in 500m. */
  readonly cpu?: string | null | undefined;
  readonly member: string;
  /** As in 512Mi. */
  readonly memory?: string | null | undefined;
  readonly name: string;
  /** peer; orderers cannot be added to a running consortium yet. */
  readonly role: NodeRole;
  /** As in 10Gi. */
  readonly storage?: string | null | undefined;
  /** Of its volume, for good. Left out: the installation’s, or else the cluster’s default. */
  readonly storageClass?: string | null | undefined;
};

export type ApproveInput = {
  readonly consortium: string;
  readonly contract: string;
  /** In whose name. */
  readonly member: string;
  readonly note?: string | null | undefined;
};

/** When a block is cut. What is left out comes from the profile. */
export type BatchInput = {
  readonly absoluteMaxBytes?: number | null | undefined;
  readonly maxMessages?: number | null | undefined;
  readonly preferredMaxBytes?: number | null | undefined;
  readonly timeoutMs?: number | null | undefined;
};

/** What is left out stays as it is. */
export type ChangeNodeInput = {
  readonly consortium: string;
  /** As in 500m. */
  readonly cpu?: string | null | undefined;
  readonly member: string;
  /** As in 512Mi. */
  readonly memory?: string | null | undefined;
  readonly name: string;
  /** As in 20Gi. A volume can only grow. */
  readonly storage?: string | null | undefined;
  /** Of Fabric, as in 3.1. */
  readonly version?: string | null | undefined;
};

export type ChannelInput = {
  readonly batch?: BatchInput | null | undefined;
  /** As in "MAJORITY Endorsement" or "AND('AcmeMSP.peer', 'BankMSP.peer')". */
  readonly endorsementPolicy?: string | null | undefined;
  readonly lifecycleEndorsementPolicy?: string | null | undefined;
  /** Left out: every member that runs a peer. */
  readonly members?: ReadonlyArray<string> | null | undefined;
  readonly name: string;
  /** Left out: every orderer of the consortium. */
  readonly orderers?: ReadonlyArray<OrdererInput> | null | undefined;
  readonly ordering?: Ordering | null | undefined;
  /** The tick of Raft. Left out: the profile’s. */
  readonly tickMs?: number | null | undefined;
};

export type CheckContractInput = {
  readonly source: ContractSourceInput;
};

/** delegated: who deploys consents for all members, and each such consent is recorded as delegated. each: every member approves or rejects. */
export type ContractConsent =
  | 'delegated'
  | 'each';

export type ContractFileInput = {
  /** Relative, as in main.ts or parts/note.ts. */
  readonly path: string;
  readonly text: string;
};

export type ContractInput = {
  readonly channel: string;
  /** Left out: the channel’s. */
  readonly endorsementPolicy?: string | null | undefined;
  readonly name: string;
  readonly template: string;
  /** Left out: the template’s first. */
  readonly version?: string | null | undefined;
};

/** A contract in TypeScript. It may import its own files and @guildhall/contract-base. At most 50 files, 200,000 characters each, 500,000 together. */
export type ContractSourceInput = {
  /** The path of the file that exports describe and invoke. */
  readonly entry: string;
  readonly files: ReadonlyArray<ContractFileInput>;
};

export type CreateClientIdentityInput = {
  readonly consortium: string;
  /** PKCS#10 in PEM for a P-256 key, so that the key never leaves whoever made it. Its subject is CN=<name> or empty, and it asks for no extensions. Left out: Guildhall makes the key and gives it out once. */
  readonly csr?: string | null | undefined;
  /** In whose name it will act. */
  readonly member: string;
  /** Unique among the member’s; the certificate’s common name. */
  readonly name: string;
  /** Among the member’s applicationRoles. Left out: none. */
  readonly roles?: ReadonlyArray<string> | null | undefined;
  /** 1 to 365, and no longer than the member’s authority. Left out: 90. */
  readonly validDays?: number | null | undefined;
};

export type CreateConsortiumInput = {
  readonly channels?: ReadonlyArray<ChannelInput> | null | undefined;
  readonly contracts?: ReadonlyArray<ContractInput> | null | undefined;
  readonly members: ReadonlyArray<MemberInput>;
  readonly name: string;
  readonly profile?: Profile | null | undefined;
};

export type DeleteConsortiumInput = {
  /** The name again: what holds a ledger is not deleted by a slip. */
  readonly confirmName?: string | null | undefined;
  /** Delete ledgers and keys too. Left out: they stay. */
  readonly deleteData?: boolean | null | undefined;
  readonly name: string;
};

export type DeployContractInput = {
  readonly channel: string;
  /** Left out: delegated. */
  readonly consent?: ContractConsent | null | undefined;
  readonly consortium: string;
  readonly endorsementPolicy?: string | null | undefined;
  /** By its digest, as in registry.example/name@sha256:…; of a registry that is allowed. */
  readonly image?: string | null | undefined;
  readonly name: string;
  readonly source?: ContractSourceInput | null | undefined;
  /** One of the three: a template, a source, an image. */
  readonly template?: string | null | undefined;
  /** Left out: the template’s first. A source and an image need one. */
  readonly version?: string | null | undefined;
};

export type EvaluateTransactionInput = {
  readonly args?: ReadonlyArray<string> | null | undefined;
  readonly channel: string;
  readonly consortium: string;
  readonly contract: string;
  readonly function: string;
  /** In whose name. */
  readonly member: string;
  /** The contract role to act in; one of the member’s applicationRoles. */
  readonly role?: string | null | undefined;
};

export type MemberInput = {
  /** Roles that contracts know, in which its clients may act. */
  readonly applicationRoles?: ReadonlyArray<string> | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly mspId: string;
  readonly name: string;
  readonly nodes?: ReadonlyArray<NodeInput> | null | undefined;
  /** Left out: what its nodes say. */
  readonly roles?: ReadonlyArray<MemberRole> | null | undefined;
};

export type MemberRole =
  | 'endorsing'
  | 'observing'
  | 'ordering';

export type NodeInput = {
  /** As in 500m. */
  readonly cpu?: string | null | undefined;
  /** As in 512Mi. */
  readonly memory?: string | null | undefined;
  readonly name: string;
  readonly role: NodeRole;
  /** As in 10Gi. */
  readonly storage?: string | null | undefined;
  /** Of its volume, for good. Left out: the installation’s, or else the cluster’s default. */
  readonly storageClass?: string | null | undefined;
};

export type NodeRole =
  | 'orderer'
  | 'peer';

export type OrdererInput = {
  readonly member: string;
  readonly node: string;
};

export type Ordering =
  | 'bft'
  | 'raft';

/** sandbox: fast timers, for trials. production: Fabric’s ledger settings. */
export type Profile =
  | 'production'
  | 'sandbox';

export type RejectInput = {
  readonly consortium: string;
  readonly contract: string;
  /** In whose name. */
  readonly member: string;
  /** The others see it. */
  readonly reason: string;
};

export type RemoveNodeInput = {
  /** The node’s name again: what holds a ledger is not removed by a slip. */
  readonly confirmName?: string | null | undefined;
  readonly consortium: string;
  /** Delete its volume and keys too. Left out: they stay, for a peer that is added under the same name. */
  readonly deleteData?: boolean | null | undefined;
  readonly member: string;
  readonly name: string;
};

export type RestartNodeInput = {
  readonly consortium: string;
  readonly member: string;
  readonly name: string;
};

export type SubmitTransactionInput = {
  readonly args?: ReadonlyArray<string> | null | undefined;
  readonly channel: string;
  readonly consortium: string;
  readonly contract: string;
  /** How long to wait for the commit; 30 s unless told otherwise. */
  readonly deadlineMs?: number | null | undefined;
  /** Left out: the smallest set that the endorsement policy accepts. */
  readonly endorsingMembers?: ReadonlyArray<string> | null | undefined;
  readonly function: string;
  /** In whose name. */
  readonly member: string;
  /** The same id with the same arguments does nothing twice. */
  readonly requestId?: string | null | undefined;
  /** The contract role to act in; one of the member’s applicationRoles. */
  readonly role?: string | null | undefined;
};

export type UpgradeContractInput = {
  /** Left out: delegated. */
  readonly consent?: ContractConsent | null | undefined;
  readonly consortium: string;
  /** Left out: as it is. */
  readonly endorsementPolicy?: string | null | undefined;
  /** By its digest, as in registry.example/name@sha256:…; of a registry that is allowed. */
  readonly image?: string | null | undefined;
  readonly name: string;
  readonly source?: ContractSourceInput | null | undefined;
  /** One of the three: a template, a source, an image. */
  readonly template?: string | null | undefined;
  readonly version: string;
};

export type ChannelActivityQueryVariables = Exact<{
  id: string;
  since: string;
  buckets: number;
}>;


export type ChannelActivityQuery = { readonly channel: { readonly id: string, readonly parts: ReadonlyArray<{ readonly from: string, readonly to: string, readonly blocks: number, readonly transactions: number, readonly invalid: number, readonly medianCommitLatencyMs: number | null }>, readonly whole: ReadonlyArray<{ readonly from: string, readonly to: string, readonly blocks: number, readonly transactions: number, readonly invalid: number, readonly medianCommitLatencyMs: number | null }> } };

export type ConsortiumNamesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConsortiumNamesQuery = { readonly consortia: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly state: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OpenOperationsQueryVariables = Exact<{
  first: number;
}>;


export type OpenOperationsQuery = { readonly operations: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly kind: string, readonly consortium: string, readonly state: string, readonly createdAt: string } }> } };

export type ClientIdentityLineFragment = { readonly id: string, readonly name: string, readonly roles: ReadonlyArray<string>, readonly subject: string, readonly serial: string, readonly notAfter: string, readonly createdAt: string, readonly createdBy: string | null };

export type ClientIdentitiesQueryVariables = Exact<{
  consortium: string;
  member: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ClientIdentitiesQuery = { readonly clientIdentities: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly roles: ReadonlyArray<string>, readonly subject: string, readonly serial: string, readonly notAfter: string, readonly createdAt: string, readonly createdBy: string | null, readonly mspFolder: ReadonlyArray<{ readonly path: string, readonly text: string }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CreateClientIdentityMutationVariables = Exact<{
  input: CreateClientIdentityInput;
  idempotencyKey: string;
}>;


export type CreateClientIdentityMutation = { readonly createClientIdentity: { readonly privateKey: string | null, readonly identity: { readonly id: string, readonly name: string, readonly roles: ReadonlyArray<string>, readonly subject: string, readonly serial: string, readonly notAfter: string, readonly createdAt: string, readonly createdBy: string | null, readonly mspFolder: ReadonlyArray<{ readonly path: string, readonly text: string }> } | null } };

export type ConnectionProfileQueryVariables = Exact<{
  consortium: string;
  member: string;
  channel: string;
}>;


export type ConnectionProfileQuery = { readonly connectionProfile: { readonly json: string, readonly yaml: string, readonly peerEnvironment: string, readonly gateway: ReadonlyArray<{ readonly node: string, readonly endpoint: string, readonly hostName: string | null, readonly tlsRoot: string }>, readonly files: ReadonlyArray<{ readonly path: string, readonly text: string }> } };

export type AuditQueryVariables = Exact<{
  first: number;
  before?: string | null | undefined;
  target?: string | null | undefined;
}>;


export type AuditQuery = { readonly audit: ReadonlyArray<{ readonly id: string, readonly at: string, readonly actor: string, readonly action: string, readonly target: string, readonly operationId: string | null, readonly delegatedFor: string | null, readonly details: unknown }> };

export type CertificatesQueryVariables = Exact<{
  consortium: string;
}>;


export type CertificatesQuery = { readonly certificates: ReadonlyArray<{ readonly member: string, readonly node: string | null, readonly use: string, readonly subject: string, readonly issuer: string, readonly serial: string, readonly sha256: string, readonly notBefore: string, readonly notAfter: string, readonly pem: string }> };

export type ChannelSettingsQueryVariables = Exact<{
  id: string;
}>;


export type ChannelSettingsQuery = { readonly channel: { readonly id: string, readonly conditions: ReadonlyArray<{ readonly type: string, readonly status: string, readonly reason: string, readonly message: string, readonly lastTransitionTime: string }>, readonly settings: { readonly sequence: number, readonly blockNumber: number, readonly tickMs: number | null, readonly electionTicks: number | null, readonly batch: { readonly timeoutMs: number, readonly maxMessages: number, readonly preferredMaxBytes: number, readonly absoluteMaxBytes: number }, readonly capabilities: { readonly channel: ReadonlyArray<string>, readonly orderer: ReadonlyArray<string>, readonly application: ReadonlyArray<string> }, readonly policies: ReadonlyArray<{ readonly group: string, readonly name: string, readonly policy: string, readonly words: string }> } | null } };

export type ChannelConfigHistoryQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ChannelConfigHistoryQuery = { readonly channel: { readonly id: string, readonly configHistory: { readonly edges: ReadonlyArray<{ readonly node: { readonly sequence: number, readonly blockNumber: number, readonly words: ReadonlyArray<string>, readonly changes: ReadonlyArray<{ readonly kind: string, readonly path: string, readonly words: string, readonly governedBy: string }>, readonly signers: ReadonlyArray<{ readonly mspId: string, readonly subject: string | null }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type ConsortiumByNameQueryVariables = Exact<{
  name: string;
}>;


export type ConsortiumByNameQuery = { readonly consortium: { readonly id: string } };

export type ConsortiumNowSubscriptionVariables = Exact<{
  id: string;
}>;


export type ConsortiumNowSubscription = { readonly consortium: { readonly id: string, readonly name: string, readonly state: string, readonly profile: string | null, readonly ready: boolean, readonly summary: string, readonly createdAt: string, readonly createdBy: string, readonly members: ReadonlyArray<{ readonly id: string, readonly name: string, readonly displayName: string | null, readonly mspId: string, readonly roles: ReadonlyArray<string>, readonly applicationRoles: ReadonlyArray<string>, readonly ready: boolean }>, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly member: string, readonly role: string, readonly ready: boolean, readonly restarts: number, readonly endpoint: string | null, readonly version: string | null, readonly health: { readonly state: string, readonly message: string, readonly since: string } | null, readonly channels: ReadonlyArray<{ readonly name: string, readonly height: number, readonly lag: number, readonly leader: boolean | null }>, readonly certificates: ReadonlyArray<{ readonly use: string, readonly notAfter: string }> }>, readonly channels: ReadonlyArray<{ readonly id: string, readonly name: string, readonly ready: boolean, readonly ordering: string, readonly height: number | null, readonly leader: string | null, readonly endorsementPolicy: string, readonly configSequence: number | null, readonly consenters: ReadonlyArray<{ readonly member: string, readonly node: string, readonly endpoint: string | null, readonly joined: boolean, readonly height: number | null }>, readonly members: ReadonlyArray<{ readonly name: string, readonly consented: boolean, readonly peers: number, readonly peersJoined: number, readonly height: number | null }> }>, readonly contracts: ReadonlyArray<{ readonly id: string, readonly name: string, readonly channel: string, readonly version: string, readonly image: string | null, readonly committedVersion: string | null, readonly sequence: number | null, readonly ready: boolean, readonly endorsementPolicy: string, readonly members: ReadonlyArray<{ readonly name: string, readonly consented: boolean, readonly installed: boolean, readonly sameCode: boolean, readonly approved: boolean, readonly running: boolean, readonly decision: { readonly state: string, readonly by: string | null, readonly reason: string | null, readonly at: string | null } | null }> }> } };

export type DeleteConsortiumMutationVariables = Exact<{
  input: DeleteConsortiumInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type DeleteConsortiumMutation = { readonly deleteConsortium: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string> }, readonly operation: { readonly id: string } | null } };

export type CallContractMutationVariables = Exact<{
  input: SubmitTransactionInput;
}>;


export type CallContractMutation = { readonly submitTransaction: { readonly transactionId: string, readonly blockNumber: number, readonly endorsers: ReadonlyArray<string>, readonly result: string, readonly validationCode: string, readonly requestId: string | null } };

export type AskContractQueryVariables = Exact<{
  input: EvaluateTransactionInput;
}>;


export type AskContractQuery = { readonly evaluateTransaction: string };

export type ContractDetailsQueryVariables = Exact<{
  id: string;
}>;


export type ContractDetailsQuery = { readonly contract: { readonly id: string, readonly artifactDigest: string, readonly packageId: string | null, readonly metadata: unknown, readonly conditions: ReadonlyArray<{ readonly type: string, readonly status: string, readonly reason: string, readonly message: string }>, readonly versions: ReadonlyArray<{ readonly version: string, readonly artifactDigest: string, readonly consent: ContractConsent, readonly operationId: string, readonly proposedAt: string, readonly proposedBy: string }> } };

export type ContractStandingQueryVariables = Exact<{
  id: string;
}>;


export type ContractStandingQuery = { readonly contract: { readonly id: string, readonly source: { readonly entry: string, readonly files: ReadonlyArray<{ readonly path: string, readonly text: string }> } | null } };

export type ContractMemberLogQueryVariables = Exact<{
  id: string;
  lines?: number | null | undefined;
  previous?: boolean | null | undefined;
  search?: string | null | undefined;
}>;


export type ContractMemberLogQuery = { readonly contract: { readonly id: string, readonly members: ReadonlyArray<{ readonly name: string, readonly log: ReadonlyArray<{ readonly at: string | null, readonly level: string | null, readonly text: string }> }> } };

export type ApproveContractMutationVariables = Exact<{
  input: ApproveInput;
}>;


export type ApproveContractMutation = { readonly approve: { readonly decision: { readonly state: string, readonly by: string | null, readonly reason: string | null, readonly at: string | null }, readonly operation: { readonly id: string } | null } };

export type RejectContractMutationVariables = Exact<{
  input: RejectInput;
}>;


export type RejectContractMutation = { readonly reject: { readonly decision: { readonly state: string, readonly by: string | null, readonly reason: string | null, readonly at: string | null }, readonly operation: { readonly id: string } | null } };

export type DeployContractMutationVariables = Exact<{
  input: DeployContractInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type DeployContractMutation = { readonly deployContract: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type UpgradeContractMutationVariables = Exact<{
  input: UpgradeContractInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type UpgradeContractMutation = { readonly upgradeContract: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type WhereItRunsQueryVariables = Exact<{ [key: string]: never; }>;


export type WhereItRunsQuery = { readonly platform: { readonly cluster: string } };

export type TemplateSourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type TemplateSourcesQuery = { readonly templates: ReadonlyArray<{ readonly id: string, readonly title: string, readonly description: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly title: string }>, readonly versions: ReadonlyArray<{ readonly version: string, readonly description: string, readonly source: { readonly entry: string, readonly files: ReadonlyArray<{ readonly path: string, readonly text: string }> } }> }> };

export type CheckContractQueryVariables = Exact<{
  input: CheckContractInput;
}>;


export type CheckContractQuery = { readonly checkContract: { readonly ok: boolean, readonly digest: string | null, readonly size: number | null, readonly metadata: unknown, readonly problems: ReadonlyArray<{ readonly severity: string, readonly file: string | null, readonly line: number | null, readonly column: number | null, readonly rule: string, readonly message: string, readonly nextAction: string }> } };

export type ContractInterfaceQueryVariables = Exact<{ [key: string]: never; }>;


export type ContractInterfaceQuery = { readonly contractInterface: ReadonlyArray<{ readonly name: string, readonly kind: string, readonly signature: string, readonly documentation: string }> };

export type ContractOfConsortiumQueryVariables = Exact<{
  consortium: string;
}>;


export type ContractOfConsortiumQuery = { readonly consortium: { readonly id: string, readonly contracts: ReadonlyArray<{ readonly id: string, readonly name: string, readonly source: { readonly entry: string, readonly files: ReadonlyArray<{ readonly path: string, readonly text: string }> } | null }> } };

export type TemplatesQueryVariables = Exact<{ [key: string]: never; }>;


export type TemplatesQuery = { readonly templates: ReadonlyArray<{ readonly id: string, readonly title: string, readonly description: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly title: string }>, readonly versions: ReadonlyArray<{ readonly version: string, readonly description: string }> }> };

export type CreateConsortiumMutationVariables = Exact<{
  input: CreateConsortiumInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type CreateConsortiumMutation = { readonly createConsortium: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type HomeQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type HomeQuery = { readonly consortia: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly state: string, readonly profile: string | null, readonly ready: boolean, readonly createdAt: string, readonly members: ReadonlyArray<{ readonly id: string }>, readonly nodes: ReadonlyArray<{ readonly id: string, readonly ready: boolean, readonly role: string, readonly health: { readonly state: string } | null }>, readonly channels: ReadonlyArray<{ readonly id: string, readonly ready: boolean, readonly height: number | null }>, readonly contracts: ReadonlyArray<{ readonly id: string, readonly ready: boolean }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type BlockLineFragment = { readonly number: number, readonly hash: string, readonly at: string | null, readonly transactionCount: number, readonly validCount: number };

export type TransactionLineFragment = { readonly id: string, readonly blockNumber: number, readonly index: number, readonly type: string, readonly at: string | null, readonly contract: string | null, readonly function: string | null, readonly creator: { readonly mspId: string } | null, readonly validation: { readonly name: string, readonly valid: boolean } };

export type LedgerValueFragment = { readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean };

export type LedgerBlocksQueryVariables = Exact<{
  channel: string;
  first: number;
  after?: string | null | undefined;
}>;


export type LedgerBlocksQuery = { readonly channel: { readonly id: string, readonly blocks: { readonly edges: ReadonlyArray<{ readonly node: { readonly number: number, readonly hash: string, readonly at: string | null, readonly transactionCount: number, readonly validCount: number } }> } } };

export type LedgerBlocksFromNowSubscriptionVariables = Exact<{
  consortium: string;
  channel: string;
  after?: string | null | undefined;
}>;


export type LedgerBlocksFromNowSubscription = { readonly blocks: { readonly checkpoint: string, readonly block: { readonly number: number, readonly hash: string, readonly at: string | null, readonly transactionCount: number, readonly validCount: number } } };

export type LedgerTransactionsQueryVariables = Exact<{
  channel: string;
  contract?: string | null | undefined;
  member?: string | null | undefined;
  key?: string | null | undefined;
  valid?: boolean | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type LedgerTransactionsQuery = { readonly channel: { readonly id: string, readonly transactions: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly blockNumber: number, readonly index: number, readonly type: string, readonly at: string | null, readonly contract: string | null, readonly function: string | null, readonly creator: { readonly mspId: string } | null, readonly validation: { readonly name: string, readonly valid: boolean } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type LedgerBlockQueryVariables = Exact<{
  consortium: string;
  channel: string;
  number: number;
}>;


export type LedgerBlockQuery = { readonly block: { readonly previousHash: string, readonly dataHash: string, readonly number: number, readonly hash: string, readonly at: string | null, readonly transactionCount: number, readonly validCount: number, readonly configUpdate: { readonly sequence: number, readonly words: ReadonlyArray<string>, readonly changes: ReadonlyArray<{ readonly kind: string, readonly path: string, readonly words: string, readonly governedBy: string }>, readonly signers: ReadonlyArray<{ readonly mspId: string, readonly subject: string | null }> } | null } };

export type LedgerBlockTransactionsQueryVariables = Exact<{
  consortium: string;
  channel: string;
  number: number;
  first: number;
  after?: string | null | undefined;
}>;


export type LedgerBlockTransactionsQuery = { readonly block: { readonly number: number, readonly transactions: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly blockNumber: number, readonly index: number, readonly type: string, readonly at: string | null, readonly contract: string | null, readonly function: string | null, readonly creator: { readonly mspId: string } | null, readonly validation: { readonly name: string, readonly valid: boolean } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type LedgerTransactionQueryVariables = Exact<{
  consortium: string;
  channel: string;
  id: string;
}>;


export type LedgerTransactionQuery = { readonly transaction: { readonly id: string, readonly blockNumber: number, readonly index: number, readonly type: string, readonly at: string | null, readonly commitLatencyMs: number | null, readonly contract: string | null, readonly function: string | null, readonly args: ReadonlyArray<{ readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean }>, readonly creator: { readonly mspId: string, readonly subject: string | null } | null, readonly endorsers: ReadonlyArray<{ readonly mspId: string, readonly subject: string | null }>, readonly validation: { readonly code: number, readonly name: string, readonly meaning: string, readonly nextAction: string, readonly valid: boolean }, readonly response: { readonly status: number, readonly message: string, readonly payload: { readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean } } | null, readonly event: { readonly name: string, readonly payload: { readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean } } | null, readonly counts: { readonly reads: number, readonly writes: number, readonly rangeQueries: number, readonly privateReads: number, readonly privateWrites: number, readonly metadataWrites: number }, readonly reads: ReadonlyArray<{ readonly contract: string, readonly key: string, readonly keyLength: number, readonly block: number | null, readonly position: number | null }>, readonly writes: ReadonlyArray<{ readonly contract: string, readonly key: string, readonly keyLength: number, readonly isDelete: boolean, readonly value: { readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean } | null }>, readonly rangeReads: ReadonlyArray<{ readonly contract: string, readonly startKey: string, readonly endKey: string, readonly keys: number | null, readonly exhausted: boolean }>, readonly privateReads: ReadonlyArray<{ readonly contract: string, readonly collection: string, readonly keyHash: string, readonly block: number | null, readonly position: number | null }>, readonly privateWrites: ReadonlyArray<{ readonly contract: string, readonly collection: string, readonly keyHash: string, readonly valueHash: string | null, readonly isDelete: boolean, readonly isPurge: boolean }>, readonly metadataWrites: ReadonlyArray<{ readonly contract: string, readonly key: string, readonly keyLength: number, readonly names: ReadonlyArray<string> }> } };

export type LedgerKeyHistoryQueryVariables = Exact<{
  consortium: string;
  channel: string;
  contract: string;
  key: string;
  first: number;
  after?: string | null | undefined;
}>;


export type LedgerKeyHistoryQuery = { readonly keyHistory: { readonly edges: ReadonlyArray<{ readonly node: { readonly transactionId: string, readonly blockNumber: number, readonly index: number, readonly at: string | null, readonly contract: string | null, readonly function: string | null, readonly isDelete: boolean, readonly value: { readonly value: string, readonly isText: boolean, readonly length: number, readonly cut: boolean } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type NodeDetailQueryVariables = Exact<{
  id: string;
}>;


export type NodeDetailQuery = { readonly node: { readonly id: string, readonly image: string | null, readonly pod: string | null, readonly exposure: string, readonly externalEndpoint: string | null, readonly cpu: string | null, readonly memory: string | null, readonly storage: string, readonly storageClass: string | null, readonly startedAt: string | null, readonly restartedAt: string | null, readonly adminEndpoint: string | null, readonly operationsEndpoint: string | null, readonly conditions: ReadonlyArray<{ readonly type: string, readonly status: string, readonly reason: string, readonly message: string, readonly lastTransitionTime: string }>, readonly channels: ReadonlyArray<{ readonly name: string, readonly height: number, readonly lag: number, readonly leader: boolean | null, readonly relation: string | null, readonly status: string | null }>, readonly certificates: ReadonlyArray<{ readonly use: string, readonly subject: string, readonly serial: string, readonly sha256: string, readonly notBefore: string, readonly notAfter: string, readonly pem: string }> } };

export type NodeLogSubscriptionVariables = Exact<{
  id: string;
  lines: number;
}>;


export type NodeLogSubscription = { readonly nodeLog: ReadonlyArray<{ readonly at: string | null, readonly level: string | null, readonly text: string }> };

export type NodeLogLinesQueryVariables = Exact<{
  id: string;
  lines: number;
  search?: string | null | undefined;
  previous?: boolean | null | undefined;
}>;


export type NodeLogLinesQuery = { readonly node: { readonly id: string, readonly log: ReadonlyArray<{ readonly at: string | null, readonly level: string | null, readonly text: string }> } };

export type ChangeNodeMutationVariables = Exact<{
  input: ChangeNodeInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type ChangeNodeMutation = { readonly changeNode: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type RestartNodeMutationVariables = Exact<{
  input: RestartNodeInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type RestartNodeMutation = { readonly restartNode: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type AddNodeMutationVariables = Exact<{
  input: AddNodeInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type AddNodeMutation = { readonly addNode: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly operation: { readonly id: string } | null } };

export type RemoveNodeMutationVariables = Exact<{
  input: RemoveNodeInput;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}>;


export type RemoveNodeMutation = { readonly removeNode: { readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string> }, readonly operation: { readonly id: string } | null } };

export type OperationLineFragment = { readonly id: string, readonly kind: string, readonly consortium: string, readonly actor: string, readonly state: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null };

export type OperationsQueryVariables = Exact<{
  consortium?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type OperationsQuery = { readonly operations: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly kind: string, readonly consortium: string, readonly actor: string, readonly state: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly problem: { readonly code: string, readonly message: string, readonly nextAction: string } | null, readonly steps: ReadonlyArray<{ readonly name: string, readonly state: string }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OperationNowSubscriptionVariables = Exact<{
  id: string;
}>;


export type OperationNowSubscription = { readonly operation: { readonly id: string, readonly kind: string, readonly consortium: string, readonly actor: string, readonly state: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly problem: { readonly code: string, readonly message: string, readonly nextAction: string } | null, readonly plan: { readonly sentences: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly memoryMegabytes: number, readonly resources: ReadonlyArray<{ readonly kind: string, readonly namespace: string, readonly name: string }> }, readonly steps: ReadonlyArray<{ readonly name: string, readonly title: string, readonly state: string, readonly attempt: number, readonly reason: string | null, readonly message: string | null, readonly startedAt: string | null, readonly finishedAt: string | null }> } };

export type OperationLogQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
  first: number;
}>;


export type OperationLogQuery = { readonly operation: { readonly id: string, readonly log: ReadonlyArray<{ readonly id: string, readonly step: string | null, readonly at: string, readonly message: string }> } };

export type RetryOperationMutationVariables = Exact<{
  id: string;
  idempotencyKey?: string | null | undefined;
}>;


export type RetryOperationMutation = { readonly retryOperation: { readonly id: string, readonly state: string } };

export type CancelOperationMutationVariables = Exact<{
  id: string;
  idempotencyKey?: string | null | undefined;
}>;


export type CancelOperationMutation = { readonly cancelOperation: { readonly id: string, readonly state: string } };

export type PlatformFactsFragment = { readonly version: string, readonly node: string, readonly database: string, readonly cluster: string, readonly fabric: string | null, readonly home: string | null, readonly startedAt: string, readonly preparation: ReadonlyArray<{ readonly title: string, readonly state: string, readonly message: string }> };

export type PlatformPreparationQueryVariables = Exact<{ [key: string]: never; }>;


export type PlatformPreparationQuery = { readonly platform: { readonly preparation: ReadonlyArray<{ readonly title: string, readonly state: string, readonly message: string }> } };

export type PlatformNowSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type PlatformNowSubscription = { readonly platform: { readonly version: string, readonly node: string, readonly database: string, readonly cluster: string, readonly fabric: string | null, readonly home: string | null, readonly startedAt: string, readonly preparation: ReadonlyArray<{ readonly title: string, readonly state: string, readonly message: string }> } };

export const ClientIdentityLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ClientIdentityLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ClientIdentity"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"serial"}},{"kind":"Field","name":{"kind":"Name","value":"notAfter"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"}}]}}]} as unknown as DocumentNode<ClientIdentityLineFragment, unknown>;
export const BlockLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BlockLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Block"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"transactionCount"}},{"kind":"Field","name":{"kind":"Name","value":"validCount"}}]}}]} as unknown as DocumentNode<BlockLineFragment, unknown>;
export const TransactionLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LedgerTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"blockNumber"}},{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"contract"}},{"kind":"Field","name":{"kind":"Name","value":"function"}},{"kind":"Field","name":{"kind":"Name","value":"creator"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mspId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"validation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"valid"}}]}}]}}]} as unknown as DocumentNode<TransactionLineFragment, unknown>;
export const LedgerValueFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LedgerValue"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LedgerBytes"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"isText"}},{"kind":"Field","name":{"kind":"Name","value":"length"}},{"kind":"Field","name":{"kind":"Name","value":"cut"}}]}}]} as unknown as DocumentNode<LedgerValueFragment, unknown>;
export const OperationLineFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OperationLine"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Operation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"consortium"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}}]}}]} as unknown as DocumentNode<OperationLineFragment, unknown>;
export const PlatformFactsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PlatformFacts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Platform"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"node"}},{"kind":"Field","name":{"kind":"Name","value":"database"}},{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"fabric"}},{"kind":"Field","name":{"kind":"Name","value":"home"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"preparation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<PlatformFactsFragment, unknown>;
export const ChannelActivityDocument = {"__meta__":{"hash":"da4c01fccf9894a981101df5976f210d172bab87c5f9054af8be7d915728e779"}} as unknown as DocumentNode<ChannelActivityQuery, ChannelActivityQueryVariables>;
export const ConsortiumNamesDocument = {"__meta__":{"hash":"e6d936b8757407e051490fc83a0dee9ae354f7ead03f8af46a2b72758a83da0b"}} as unknown as DocumentNode<ConsortiumNamesQuery, ConsortiumNamesQueryVariables>;
export const OpenOperationsDocument = {"__meta__":{"hash":"a5c169d57c1dff5326fd778e60bbf2c1b20f7e8979b521a0f61b0cf38e3afef0"}} as unknown as DocumentNode<OpenOperationsQuery, OpenOperationsQueryVariables>;
export const ClientIdentitiesDocument = {"__meta__":{"hash":"3d1cd7ab8f9ba5c798fb1e145739af4220db9f7c6b82960a9ea1e2be5a2e05c7"}} as unknown as DocumentNode<ClientIdentitiesQuery, ClientIdentitiesQueryVariables>;
export const CreateClientIdentityDocument = {"__meta__":{"hash":"08c8210eaac3f901b8a08e341c993e1fe52927751cf25ac8914d7e55e4f052d2"}} as unknown as DocumentNode<CreateClientIdentityMutation, CreateClientIdentityMutationVariables>;
export const ConnectionProfileDocument = {"__meta__":{"hash":"20aff8347ae1a4549e5595d56dbc969e67a75ad84bea109c9284b7d6e75d2606"}} as unknown as DocumentNode<ConnectionProfileQuery, ConnectionProfileQueryVariables>;
export const AuditDocument = {"__meta__":{"hash":"bc090c58a58baa675c889d531d52ab0f5fbc1ddf77af1c8f93a2b65fca5ca6b5"}} as unknown as DocumentNode<AuditQuery, AuditQueryVariables>;
export const CertificatesDocument = {"__meta__":{"hash":"e48fa3e1b38086280f2d80d468a42d8406281bafd161f20c5c7279821496da69"}} as unknown as DocumentNode<CertificatesQuery, CertificatesQueryVariables>;
export const ChannelSettingsDocument = {"__meta__":{"hash":"5902dbb7c4e835f880c0655d1547c01150b8a3becb6869700eb05726c822ebb0"}} as unknown as DocumentNode<ChannelSettingsQuery, ChannelSettingsQueryVariables>;
export const ChannelConfigHistoryDocument = {"__meta__":{"hash":"50b444b6c53f9468339bba8ccd4e1617228d21c4521335f1abc2be536d7e4abe"}} as unknown as DocumentNode<ChannelConfigHistoryQuery, ChannelConfigHistoryQueryVariables>;
export const ConsortiumByNameDocument = {"__meta__":{"hash":"318020a5fc971f91ed980ce98f284ae014d8513ca6543d045318a276bbbc7440"}} as unknown as DocumentNode<ConsortiumByNameQuery, ConsortiumByNameQueryVariables>;
export const ConsortiumNowDocument = {"__meta__":{"hash":"a4d9cf7a7b25cc0096465f2e447178c7afbfce944c5513f6b7a9efc7b4f19445"}} as unknown as DocumentNode<ConsortiumNowSubscription, ConsortiumNowSubscriptionVariables>;
export const DeleteConsortiumDocument = {"__meta__":{"hash":"b4d7e2b4d8748ebbe3c928a323363dbc59d3ac31fa923c8333c6459fd4955095"}} as unknown as DocumentNode<DeleteConsortiumMutation, DeleteConsortiumMutationVariables>;
export const CallContractDocument = {"__meta__":{"hash":"b32850daf7ceca46bdfd44a9c8844274198ef649046ac61145adff9d1e3575fb"}} as unknown as DocumentNode<CallContractMutation, CallContractMutationVariables>;
export const AskContractDocument = {"__meta__":{"hash":"b75f44c71d044368af453b4e84f85291ac75d4fa230dc15f6a623a110c883410"}} as unknown as DocumentNode<AskContractQuery, AskContractQueryVariables>;
export const ContractDetailsDocument = {"__meta__":{"hash":"219345d05023d772b2319c4bb531e0f854f9e20630e0558bf0b9428bd6f757db"}} as unknown as DocumentNode<ContractDetailsQuery, ContractDetailsQueryVariables>;
export const ContractStandingDocument = {"__meta__":{"hash":"c92d1d8010e21daf76b25a33ff28e6acf642929e9538948277bd5fd315b716b6"}} as unknown as DocumentNode<ContractStandingQuery, ContractStandingQueryVariables>;
export const ContractMemberLogDocument = {"__meta__":{"hash":"59530562937915ee24a45908d9f1b03944ccd5138f81a27fa64035b4b445fc12"}} as unknown as DocumentNode<ContractMemberLogQuery, ContractMemberLogQueryVariables>;
export const ApproveContractDocument = {"__meta__":{"hash":"ee450075b696928ba3892f34f2b15664c4fef29fdfde9d82c2241123212c96d6"}} as unknown as DocumentNode<ApproveContractMutation, ApproveContractMutationVariables>;
export const RejectContractDocument = {"__meta__":{"hash":"da7aa73e6a40e8d3e7dcce574ded345b063353ecb3b6983f59160ffa6f07b0ae"}} as unknown as DocumentNode<RejectContractMutation, RejectContractMutationVariables>;
export const DeployContractDocument = {"__meta__":{"hash":"4dbb470d86b37b49108faa8e1757af64e04cd47c0127ecda2d1c2f4de3d7eb66"}} as unknown as DocumentNode<DeployContractMutation, DeployContractMutationVariables>;
export const UpgradeContractDocument = {"__meta__":{"hash":"2195131fd5ef1d97dc216aa837f73a8bea0f0eb0def32755e2a045d4149066ed"}} as unknown as DocumentNode<UpgradeContractMutation, UpgradeContractMutationVariables>;
export const WhereItRunsDocument = {"__meta__":{"hash":"585b9288714e7c102ec9a8d921ba9165b17812919745f4c89fc909ead469e102"}} as unknown as DocumentNode<WhereItRunsQuery, WhereItRunsQueryVariables>;
export const TemplateSourcesDocument = {"__meta__":{"hash":"8885243fa55c8654c8cede4ebe9c07df6a930ab45a597215096b879c935a70ff"}} as unknown as DocumentNode<TemplateSourcesQuery, TemplateSourcesQueryVariables>;
export const CheckContractDocument = {"__meta__":{"hash":"9def226000687393fa1931f2ce934b5fdfe2e461477f7db82e088d53fa5e551e"}} as unknown as DocumentNode<CheckContractQuery, CheckContractQueryVariables>;
export const ContractInterfaceDocument = {"__meta__":{"hash":"2bc9ed3844e0ce09aa59dfdb646fef3e79e3a25add4141aeb6161554a95e600d"}} as unknown as DocumentNode<ContractInterfaceQuery, ContractInterfaceQueryVariables>;
export const ContractOfConsortiumDocument = {"__meta__":{"hash":"daa1c3e5e0351a8e023f467c94ba802d876d68b047b8930c3e6f801dca8158f5"}} as unknown as DocumentNode<ContractOfConsortiumQuery, ContractOfConsortiumQueryVariables>;
export const TemplatesDocument = {"__meta__":{"hash":"b0a2b385cdb6ee0dd900b6966abb6c2b1faef09b3694c5fb247cb47478dc2fa5"}} as unknown as DocumentNode<TemplatesQuery, TemplatesQueryVariables>;
export const CreateConsortiumDocument = {"__meta__":{"hash":"8d7d7144ccd6b5ce411f42a4676e73e7eb8ce060cf5f5dbc060b9ed035a633f8"}} as unknown as DocumentNode<CreateConsortiumMutation, CreateConsortiumMutationVariables>;
export const HomeDocument = {"__meta__":{"hash":"26100a8ee1aa8172cd34cce3e3209d3a92fed91348ad10dbe11d6a55bedbcb5c"}} as unknown as DocumentNode<HomeQuery, HomeQueryVariables>;
export const LedgerBlocksDocument = {"__meta__":{"hash":"b55fd3a73177f491d52026054ed8481d849d6002653dbf7517ee640937cc3d98"}} as unknown as DocumentNode<LedgerBlocksQuery, LedgerBlocksQueryVariables>;
export const LedgerBlocksFromNowDocument = {"__meta__":{"hash":"3a1664cd44724423a71695db80d352be38b616ce51b668f3e642b6e1cb2dc752"}} as unknown as DocumentNode<LedgerBlocksFromNowSubscription, LedgerBlocksFromNowSubscriptionVariables>;
export const LedgerTransactionsDocument = {"__meta__":{"hash":"a9fd4de4d407946f6d9063a8fbd3d708e05302ea1e03fe40ffa9596db76ca0d0"}} as unknown as DocumentNode<LedgerTransactionsQuery, LedgerTransactionsQueryVariables>;
export const LedgerBlockDocument = {"__meta__":{"hash":"5328e9345b1953bde40638465669c710355d82ef79fd0d3738afe60e050b6161"}} as unknown as DocumentNode<LedgerBlockQuery, LedgerBlockQueryVariables>;
export const LedgerBlockTransactionsDocument = {"__meta__":{"hash":"0b48bb8284bea828a50c87b580bc3f6b89fab4f9d89424b12b2cb95bd350a1b8"}} as unknown as DocumentNode<LedgerBlockTransactionsQuery, LedgerBlockTransactionsQueryVariables>;
export const LedgerTransactionDocument = {"__meta__":{"hash":"df50f906e34a8017a5d5bbfa010bfa114c979638dbf5163e17eba921cc62cb61"}} as unknown as DocumentNode<LedgerTransactionQuery, LedgerTransactionQueryVariables>;
export const LedgerKeyHistoryDocument = {"__meta__":{"hash":"7425e713a99a08cf7802524e746d4f26450eddbb654d30cbaed3f1705ae82b7f"}} as unknown as DocumentNode<LedgerKeyHistoryQuery, LedgerKeyHistoryQueryVariables>;
export const NodeDetailDocument = {"__meta__":{"hash":"0025f7f3a9ff33f37eac989ec5e3106ae561cd386ae791f3616f58da7ca3d9e2"}} as unknown as DocumentNode<NodeDetailQuery, NodeDetailQueryVariables>;
export const NodeLogDocument = {"__meta__":{"hash":"181144bb0387bd87bf13ba0a900af7b5996903d2743352d91e65a71462c2d59d"}} as unknown as DocumentNode<NodeLogSubscription, NodeLogSubscriptionVariables>;
export const NodeLogLinesDocument = {"__meta__":{"hash":"e93584c0479291a2d25c0fd3101aaf627835167160bb4efe53d1d9842922383e"}} as unknown as DocumentNode<NodeLogLinesQuery, NodeLogLinesQueryVariables>;
export const ChangeNodeDocument = {"__meta__":{"hash":"2643dad58074c1258f147afb6fbe67e05ff7458205fb73a26a0dfb6dc3f5d554"}} as unknown as DocumentNode<ChangeNodeMutation, ChangeNodeMutationVariables>;
export const RestartNodeDocument = {"__meta__":{"hash":"5c10e2eb05b85dfb880dcfd600aa28d74aa58c1e5bb998447c4d3be64ca48fb5"}} as unknown as DocumentNode<RestartNodeMutation, RestartNodeMutationVariables>;
export const AddNodeDocument = {"__meta__":{"hash":"09ce4dbc25b71e0f2294161f1c28498709bf4bbf490c5e20f7c45e268ab396d4"}} as unknown as DocumentNode<AddNodeMutation, AddNodeMutationVariables>;
export const RemoveNodeDocument = {"__meta__":{"hash":"6710ebfcb8d4d68afc36cbf3cb5fc83cc160f993b6216d123411d1ff44a5a242"}} as unknown as DocumentNode<RemoveNodeMutation, RemoveNodeMutationVariables>;
export const OperationsDocument = {"__meta__":{"hash":"2f51286bc41428346d23f93d3bc4f1a3d7af99c991441c348bdbba58c6376d27"}} as unknown as DocumentNode<OperationsQuery, OperationsQueryVariables>;
export const OperationNowDocument = {"__meta__":{"hash":"d3810bb3dae7c94b59174e78d116854e7bc12b3df5a45978d9fbeb66a20d5f9b"}} as unknown as DocumentNode<OperationNowSubscription, OperationNowSubscriptionVariables>;
export const OperationLogDocument = {"__meta__":{"hash":"d359d2aa6c5e01afc49215c8b2f51d67ee688f4b6c44e3f50e11e3db1276b270"}} as unknown as DocumentNode<OperationLogQuery, OperationLogQueryVariables>;
export const RetryOperationDocument = {"__meta__":{"hash":"e37478aa902ee6335ff44e85d6ef5f1c94763ab92192af09c185cd7436f826ed"}} as unknown as DocumentNode<RetryOperationMutation, RetryOperationMutationVariables>;
export const CancelOperationDocument = {"__meta__":{"hash":"8ace9d12f3683f4c7275f3a7d2ee1ef84f2b9f9289a30fc96c6888f285e40702"}} as unknown as DocumentNode<CancelOperationMutation, CancelOperationMutationVariables>;
export const PlatformPreparationDocument = {"__meta__":{"hash":"25a58668df09903a82f9af7468ef995f57137e171255b6370388c59e40e31e94"}} as unknown as DocumentNode<PlatformPreparationQuery, PlatformPreparationQueryVariables>;
export const PlatformNowDocument = {"__meta__":{"hash":"fcbfeaa806f5c9a559229c7f8a364b171607df1daed9317087192dff2e9e2eb5"}} as unknown as DocumentNode<PlatformNowSubscription, PlatformNowSubscriptionVariables>;
