import { configMaps, isAlreadyExists, isConflict, isNotFound, secrets, type KubernetesClient, type Logger, type Secret } from '@guildhall/kubernetes';
import { gatewayObjects, labels } from '@guildhall/resources';
import { makeServerCertificate, type ServerCertificate } from './certificate.ts';
import { authoritiesOf, decide, type Held, type Step } from './decide.ts';
import { dataOf, heldOf } from './secret-data.ts';

const { certificate: SECRET_NAME, authority: CONFIG_MAP_NAME } = gatewayObjects;
const AUTHORITY_FIELD = 'ca.crt';

export interface CertificateKeeperOptions {
  readonly client: Pick<KubernetesClient, 'get' | 'create' | 'mergePatch'>;
  readonly namespace: string;
  /** Under which the gateway is called. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** Keeps the server certificate that all replicas share. Each of them runs this; whoever comes second takes what the first has written. */
export interface CertificateKeeper {
  /** One look at what there is, and what is to be done about it: gives what is to be served. */
  pass(): Promise<ServerCertificate>;
}

/** More than replicas can come before one another. */
const MAX_STEPS = 20;

export function createCertificateKeeper({ client, namespace, names, now, logger }: CertificateKeeperOptions): CertificateKeeper {
  const ref = { namespace, name: SECRET_NAME };
  const metadata = (name: string) => ({ namespace, name, labels: { [labels.component]: 'ledger-gateway', [labels.managedBy]: 'guildhall' } });

  /** Holds only for the version that was read: another replica may have written meanwhile, which the next look will show. */
  async function write(secret: Secret | undefined, held: Held): Promise<void> {
    const data = dataOf(held);
    try {
      if (secret) await client.mergePatch(secrets, ref, { metadata: { resourceVersion: secret.metadata.resourceVersion }, data });
      else await client.create(secrets, { metadata: metadata(SECRET_NAME), data: present(data) });
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) throw error;
      logger.info({}, 'another replica has written the server certificate first');
    }
  }

  async function publish(held: Held): Promise<void> {
    const data = { [AUTHORITY_FIELD]: authoritiesOf(held, new Date(now())) };
    const name = { namespace, name: CONFIG_MAP_NAME };
    const found = await client.get(configMaps, name);
    if (found?.data?.[AUTHORITY_FIELD] === data[AUTHORITY_FIELD]) return;
    if (found) {
      await client.mergePatch(configMaps, name, { data });
      return;
    }
    try {
      await client.create(configMaps, { metadata: metadata(CONFIG_MAP_NAME), data });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error; // The next pass compares what another replica has written.
    }
  }

  /** Gives what is to be served, or writes what is to be looked at again. */
  async function look(): Promise<ServerCertificate | undefined> {
    const secret = await client.get(secrets, ref);
    const held = heldOf(secret);
    const step = decide(held, names, new Date(now()));
    if (step.kind === 'keep') {
      await publish(held);
      return step.current;
    }
    await write(secret, await takeStep(step, held));
    return undefined;
  }

  async function takeStep(step: Exclude<Step, { kind: 'keep' }>, held: Held): Promise<Held> {
    if (step.kind === 'takeOver') {
      // Whatever kept it from being published: callers are to know first.
      await publish(held);
      logger.info({}, 'the next server certificate is served from now on');
      return step.held;
    }
    const made = await makeServerCertificate(names, new Date(now()));
    if (step.kind === 'prepare') {
      logger.info({}, 'the next server certificate is made; it is served when callers have had the time to learn of its authority');
      return { ...held, next: made };
    }
    logger.warn({ why: step.why }, 'a server certificate is made');
    return { current: made };
  }

  return {
    async pass() {
      for (let steps = 0; steps < MAX_STEPS; steps++) {
        const current = await look();
        if (current) return current;
      }
      throw new Error(`The Secret ${namespace}/${SECRET_NAME} changes as fast as it is written: see who else writes it.`);
    },
  };
}

const present = (data: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).flatMap(([field, value]) => (value === null ? [] : [[field, value] as const])));
