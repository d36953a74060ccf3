import { createHash } from 'node:crypto';
import { verifySignature } from '@guildhall/pki';
import type { SigningRequest } from '@guildhall/resources';
import type { CredentialStore } from '../authorities/credential-store.ts';
import { recordAudit } from '../database/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { CertificateAuthorityError } from '../errors.ts';
import type { Examined } from './examine.ts';
import { refuse } from './refusal.ts';

export interface Signed {
  /** DER, low-S. */
  readonly signature: Uint8Array;
  /** PEM. */
  readonly certificate: string;
  readonly signedAt: Date;
}

export interface SigningService {
  /** Signs one request once: asked again it gives the signature that was given first. */
  sign(memberUid: string, request: SigningRequest, examined: Examined, now: Date): Promise<Signed>;
  deny(memberUid: string | undefined, request: SigningRequest, why: string, now: Date): Promise<void>;
}

export function createSigningService(database: Database, credentials: CredentialStore): SigningService {
  async function give(
    transaction: Transaction,
    memberUid: string,
    request: SigningRequest,
    examined: Examined,
    now: Date,
  ): Promise<Signed> {
    const { certificate, signer } = await credentials.open(transaction, memberUid, 'admin');
    const previous = await transaction
      .selectFrom('signatures')
      .select(['signature', 'signed_at', 'member_uid', 'message_digest'])
      .where('request_uid', '=', uidOf(request))
      .executeTakeFirst();
    if (previous !== undefined) {
      if (previous.member_uid !== memberUid || previous.message_digest !== digestOf(examined.message))
        refuse('Denied', 'this request was signed before, for a former Member of this namespace or over other bytes; ask anew');
      return { signature: previous.signature, certificate: certificate.pem, signedAt: previous.signed_at };
    }
    const signature = await signer.sign(examined.message);
    if (!verifySignature(certificate.publicKey, examined.message, signature)) {
      throw new CertificateAuthorityError(
        'STATE_CONTRADICTS',
        `the administrator's key of member ${memberUid} does not belong to its certificate; restore the database`,
      );
    }
    await record(transaction, memberUid, request, examined, signature, now);
    return { signature, certificate: certificate.pem, signedAt: now };
  }

  async function record(
    transaction: Transaction,
    memberUid: string,
    request: SigningRequest,
    examined: Examined,
    signature: Uint8Array,
    now: Date,
  ): Promise<void> {
    const { purpose, intent } = request.spec;
    const messageDigest = digestOf(examined.message);
    await transaction
      .insertInto('signatures')
      .values({
        request_uid: uidOf(request),
        member_uid: memberUid,
        purpose,
        intent_uid: intent.uid,
        intent_generation: intent.generation,
        intent_digest: intent.digest,
        message_digest: messageDigest,
        transaction_id: examined.transactionId,
        subject: examined.subject,
        signature,
        signed_at: now,
      })
      .execute();
    await recordAudit(transaction, {
      at: now,
      action: 'sign',
      outcome: 'done',
      memberUid,
      requestUid: uidOf(request),
      details: { ...detailsOf(request), subject: examined.subject, transactionId: examined.transactionId, messageDigest },
    });
  }

  return {
    sign: (memberUid, request, examined, now) =>
      database.transaction().execute((transaction) => give(transaction, memberUid, request, examined, now)),

    async deny(memberUid, request, why, now) {
      await database.transaction().execute((transaction) =>
        recordAudit(transaction, {
          at: now,
          action: 'sign',
          outcome: 'denied',
          ...(memberUid === undefined ? {} : { memberUid }),
          requestUid: uidOf(request),
          details: { ...detailsOf(request), why },
        }),
      );
    },
  };
}

function detailsOf({ metadata, spec }: SigningRequest): Record<string, string | number> {
  const { kind, name, uid, generation, digest } = spec.intent;
  return {
    request: `${metadata.namespace}/${metadata.name}`,
    purpose: spec.purpose,
    intent: `${kind} ${name}`,
    intentUid: uid,
    intentGeneration: generation,
    intentDigest: digest,
  };
}

const uidOf = ({ metadata }: SigningRequest): string => metadata.uid ?? '';
const digestOf = (message: Uint8Array): string => createHash('sha256').update(message).digest('hex');
