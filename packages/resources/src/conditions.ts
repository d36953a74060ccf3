import { z } from 'zod';

/** kstatus (sigs.k8s.io/cli-utils): Ready is steady; Reconciling and Stalled are present only while true. */
export const conditionTypes = ['Ready', 'Reconciling', 'Stalled', 'Degraded'] as const;
export type ConditionType = (typeof conditionTypes)[number];

/** Something is wrong that may pass: worth a warning to whoever looks. */
const troubles = {
  Unhealthy: 'the node says that it is unhealthy',
  Unreachable: 'the node does not answer',
  UnreachableFromOutside: 'the node is not reached by the way that leads to it from outside',
  CrashLooping: 'the process keeps ending',
  ProgramMissing: 'the program or image cannot be had',
  AddressInUse: 'another process has the port',
  InsufficientResources: 'no machine has enough memory, processor time or disk',
  VolumeNotGrown: 'the cluster does not let the volume grow',
  LedgerRefused: 'the ledger refused the request',
  BehindOthers: 'the node is behind the others',
  LedgersDiffer: 'peers hold different blocks at the same height',
  QuorumLost: 'too few orderers are up to order transactions',
  QuotaExceeded: 'a quota of the namespace is used up',
  NotAllowed: 'a rule of the cluster refuses something that is needed',
  AccessMissing: 'the operator lacks a right that it needs',
  NamespaceTerminating: 'the namespace is being deleted',
  VolumeUnavailable: 'the cluster cannot give the volume that is wished for',
} as const;

/**
 * Every reason that a condition, an Event, a metric label or the console may carry. Closed on purpose: a reason that is
 * not here cannot be reported, so whoever adds one decides how it reads.
 */
export const reasons = {
  // steady
  Ready: 'it does what its spec says, proven by asking',
  Issued: 'the certificate was issued',
  Signed: 'the signature was given',
  // under way
  Progressing: 'work is under way',
  WaitingForCertificateAuthority: "the member's certificate authority has not published its roots yet",
  WaitingForCertificate: 'a certificate is not issued yet',
  WaitingForAddress: 'the cluster has not given an address yet',
  WaitingForVolume: 'a volume is not bound, or not as large as asked, yet',
  WaitingForPod: 'the pod is not running yet',
  WaitingForNode: 'a node that is needed is not ready yet',
  WaitingForTurn: 'another pod would come now, but others must be up or have their turn first',
  WaitingForMember: 'a member that is needed is not ready yet',
  WaitingForConsent: 'a member has not consented yet',
  WaitingForGenesis: "the channel's first block is not made yet",
  WaitingForSignature: 'a signature is not given yet',
  WaitingForJoin: 'a node has not joined the channel yet',
  WaitingForLeader: "the channel's orderers have not elected a leader yet",
  WaitingForInstance: "the contract's running instance is not ready yet",
  WaitingForInstall: 'a peer does not have the contract yet',
  WaitingForApproval: 'a member has not approved the definition yet',
  WaitingForCommit: 'the definition is not committed yet',
  WaitingForReference: 'an object that this one names does not exist yet',
  Deleting: 'it is being deleted',
  Failed: 'an attempt failed and is repeated',
  // the person must act
  InvalidSpec: 'the spec contradicts itself or what it refers to',
  ReferenceNotAllowed: 'the object refers to a consortium that does not name this member',
  Duplicate: 'another object has the same name or MSP id',
  ConsentOutdated: 'the consent names another version of what was agreed',
  DeletionNotConfirmed: 'deletion was asked for but not confirmed',
  Denied: 'the request was refused',
  Expired: 'it is past its time',
  KeyMissing: 'a key that was made is gone; it is never replaced silently',
  GenesisMissing: "the first block of a channel that exists is gone; another one would be another ledger",
  Paused: 'a person paused it',
  ...troubles,
} as const;
export type Reason = keyof typeof reasons;
export const reasonNames = Object.keys(reasons) as [Reason, ...Reason[]];
export const isTrouble = (reason: string): boolean => Object.hasOwn(troubles, reason);

export const conditionSchema = z.strictObject({
  type: z.enum(conditionTypes),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.enum(reasonNames),
  message: z.string().max(2048),
  observedGeneration: z.int().min(0).optional(),
  lastTransitionTime: z.iso.datetime(),
});
export type Condition = z.infer<typeof conditionSchema>;

export const conditionsSchema = z
  .array(conditionSchema)
  .max(8)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] });
