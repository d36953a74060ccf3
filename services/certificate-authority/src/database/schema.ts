import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { CredentialUse, Profile } from '../certificates/profiles.ts';

export interface Tables {
  members: MemberRow;
  credentials: CredentialRow;
  certificates: CertificateRow;
  node_keys: NodeKeyRow;
  signatures: SignatureRow;
  audit: AuditRow;
}

type Instant = ColumnType<Date, Date, never>;

/** One per Member object that ever asked, by its uid: a Member made again under the same name gets new keys. */
export interface MemberRow {
  uid: string;
  namespace: string;
  name: string;
  msp_id: string;
  /** The member's data-encryption key, wrapped by the key-encryption key that is named. */
  wrapped_data_key: Uint8Array;
  key_encryption_key: string;
  created_at: Instant;
}

/** The member's CAs and its hosted administrator: certificate and sealed key. */
export interface CredentialRow {
  member_uid: string;
  use: CredentialUse;
  version: number;
  certificate: string;
  sealed_key: Uint8Array;
}

/** Every certificate that was ever issued. */
export interface CertificateRow {
  fingerprint: string;
  member_uid: string;
  profile: Profile;
  issuer: CredentialUse;
  serial_number: string;
  subject: string;
  not_before: Instant;
  not_after: Instant;
  certificate: string;
  /** The CertificateRequest or ClientIdentity that it answers; none for the member's own CAs and administrator. */
  request_uid: string | null;
}

/** The key that a Node was first certified for, and by which CertificateRequest. */
export interface NodeKeyRow {
  node_uid: string;
  profile: Profile;
  member_uid: string;
  /** sha256 of the SubjectPublicKeyInfo. */
  public_key: string;
  request_uid: string;
}

/** Every signature that a hosted administrator ever gave. */
export interface SignatureRow {
  request_uid: string;
  member_uid: string;
  purpose: string;
  intent_uid: string;
  intent_generation: number;
  intent_digest: string;
  /** sha256 of the signed bytes. */
  message_digest: string;
  transaction_id: string;
  /** What was signed for, so that it can be found again: the digest of a block, a package id, a definition. */
  subject: string;
  signature: Uint8Array;
  signed_at: Instant;
}

export type AuditAction = 'issue-certificate' | 'sign';
export type AuditOutcome = 'done' | 'denied';

export interface AuditRow {
  id: Generated<string>;
  at: Instant;
  action: AuditAction;
  outcome: AuditOutcome;
  member_uid: string | null;
  /** The object that caused it: a CertificateRequest, a ClientIdentity or a SigningRequest. */
  request_uid: string | null;
  details: JSONColumnType<Record<string, string | number | string[]>>;
}
