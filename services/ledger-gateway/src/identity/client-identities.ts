import { createSigner, type Signer } from '@guildhall/fabric';
import { sleep, type Clock, type KubernetesClient, type Logger } from '@guildhall/kubernetes';
import { createCertificateRequest, createSigner as createKeySigner, generateKeyPair, parseCertificatePem } from '@guildhall/pki';
import { certificateRequest, labels, type CertificateRequest } from '@guildhall/resources';
import { TransactionError } from '../errors.ts';

/** A member as far as an identity needs it. */
export interface IdentityHolder {
  readonly name: string;
  readonly namespace: string;
  readonly mspId: string;
  /** PEM of the CA that issues: its certificates are of use as long as it is the member's. */
  readonly issuer: string;
}

/** Client identities of members: a key is born here, in memory, and its short-lived certificate comes from the member's own authority. */
export interface ClientIdentities {
  /** `role` becomes the attribute gh.role; the authority refuses one that is not among the member's. */
  of(holder: IdentityHolder, role: string | undefined, signal: AbortSignal): Promise<Signer>;
}

interface Held {
  readonly signer: Signer;
  /** Epoch milliseconds. */
  readonly renewAfter: number;
  readonly usableUntil: number;
}

/** No call takes longer than this with the identity it began with. */
const MARGIN_MS = 3 * 60_000;
const POLL_MS = { baseMs: 5, maxMs: 500 };
const ISSUANCE_TIMEOUT_MS = 20_000;

export interface ClientIdentitiesOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** A short unique word for object names: two gateways never ask under one name. */
  readonly ids: () => string;
  readonly logger: Logger;
}

export function createClientIdentities(options: ClientIdentitiesOptions): ClientIdentities {
  const held = new Map<string, Held>();
  const asked = new Map<string, Promise<Held>>();

  const renew = (key: string, holder: IdentityHolder, role: string | undefined): Promise<Held> => {
    const under = asked.get(key);
    if (under) return under;
    const request = obtain(options, holder, role)
      .then((identity) => {
        for (const [other, { usableUntil }] of held) if (usableUntil <= options.clock.now()) held.delete(other);
        held.set(key, identity);
        return identity;
      })
      .finally(() => asked.delete(key));
    asked.set(key, request);
    return request;
  };
  /** Once for each try, however many calls come meanwhile. */
  const renewAhead = (key: string, holder: IdentityHolder, role: string | undefined): void => {
    if (asked.has(key)) return;
    renew(key, holder, role).catch((error: unknown) =>
      options.logger.warn({ member: holder.name, err: error }, 'a client certificate could not be renewed; the present one is still good'),
    );
  };

  return {
    async of(holder, role, signal) {
      const key = `${holder.namespace}/${role ?? ''}/${holder.issuer}`;
      const now = options.clock.now();
      const current = held.get(key);
      if (current && now < current.renewAfter) return current.signer;
      if (!current || now >= current.usableUntil) return (await orAbort(renew(key, holder, role), signal, holder)).signer;
      renewAhead(key, holder, role);
      return current.signer;
    },
  };
}

async function obtain({ client, clock, ids, logger }: ClientIdentitiesOptions, holder: IdentityHolder, role: string | undefined): Promise<Held> {
  const keys = await generateKeyPair();
  const csr = await createCertificateRequest({ subject: [{ type: 'CN', value: 'client' }] }, createKeySigner(keys.privateKeyPem));
  const ref = { namespace: holder.namespace, name: `client-${role ?? 'any'}-${ids()}` };
  const metadata = {
    ...ref,
    labels: { [labels.component]: 'ledger-gateway', [labels.managedBy]: 'guildhall', [labels.member]: holder.name },
  };
  await client.apply(certificateRequest.type, { metadata, spec: { profile: 'client', csr, ...(role === undefined ? {} : { role }) } });
  try {
    const certificate = await issued(client, clock, ref, holder);
    const { notBefore, notAfter } = parseCertificatePem(certificate);
    const [from, until] = [notBefore.getTime(), notAfter.getTime()];
    return {
      signer: createSigner({ mspId: holder.mspId, certificate }, keys.privateKeyPem),
      renewAfter: from + ((until - from) * 2) / 3,
      usableUntil: until - MARGIN_MS,
    };
  } finally {
    // The request has served: its answer is in memory, and the authority keeps the record. Nobody needs to wait until it is gone.
    void client
      .delete(certificateRequest.type, ref)
      .catch((error: unknown) => logger.warn({ ...ref, err: error }, 'a request for a client certificate that has served could not be deleted'));
  }
}

async function issued(
  client: KubernetesClient,
  clock: Clock,
  ref: { namespace: string; name: string },
  holder: IdentityHolder,
): Promise<string> {
  const deadline = clock.monotonic() + ISSUANCE_TIMEOUT_MS;
  for (let wait = POLL_MS.baseMs; ; wait = Math.min(wait * 1.5, POLL_MS.maxMs)) {
    const request = await client.get(certificateRequest.type, ref);
    const certificate = firstCertificate(request);
    if (certificate !== undefined) return certificate;
    const denied = request?.status?.conditions?.find(({ reason }) => reason === 'Denied');
    if (denied)
      throw new TransactionError('DENIED', `The certificate authority of ${holder.name} refused a client certificate: ${denied.message}`);
    if (clock.monotonic() >= deadline) {
      const ready = request?.status?.conditions?.find(({ type }) => type === 'Ready');
      throw new TransactionError(
        'NO_IDENTITY',
        `The certificate authority of ${holder.name} has not answered in ${ISSUANCE_TIMEOUT_MS / 1000} s${ready ? `: ${ready.message}` : '.'}`,
      );
    }
    await sleep(clock, wait);
  }
}

/** The leaf alone: Fabric's identity is one certificate. */
function firstCertificate(request: CertificateRequest | undefined): string | undefined {
  return /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(request?.status?.certificate ?? '')?.[0];
}

async function orAbort<T>(work: Promise<T>, signal: AbortSignal, holder: IdentityHolder): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void =>
    reject(new TransactionError('NO_IDENTITY', `The certificate authority of ${holder.name} has not answered before the deadline.`));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
