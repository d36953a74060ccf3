import { certificateRequest, codeDigest, type CertificateRequest, type ContractInstallation, type Member } from '@guildhall/resources';
import { applyOwned, isAlreadyExists, ownedBy, secrets, services, statefulSets, type Secret } from '@guildhall/kubernetes';
import { createCertificateRequest, createSigner, generateKeyPair, parseCertificatePem } from '@guildhall/pki';
import { askingOf, discardRefused } from '../cluster/refusals.ts';
import type { OperatorContext } from '../context.ts';
import { instanceLabels, instanceNames } from '../names.ts';
import { stalled, stallOf, waiting, type Outcome } from '../outcome.ts';
import { askTwice } from '../monitor/monitor.ts';
import type { InstanceInspection } from '../ports/fabric.ts';
import { podState, unstartedLookMs, type PodState } from '../workload/pod-state.ts';
import { instancePorts, instanceService, instanceStatefulSet } from './instance.ts';
import { serverOf } from './servers.ts';

export interface RunningInstance {
  name: string;
  /** `host:port`; undefined until the Service has an address. */
  address: string | undefined;
  /** It runs the agreed code and serves the package: it said so itself, or it answers as what its image was started for. */
  ready: boolean;
  /** Why it is not ready. */
  obstacle: Outcome | undefined;
}

export interface InstanceSpec {
  installation: ContractInstallation;
  member: Member;
  name: string;
  packageId: string;
  /** Otherwise only its address is made. */
  starts: boolean;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const waitForCertificate = waiting('WaitingForCertificate', "Waiting for the instance's TLS certificate.");

/** A Secret that somebody deletes is missed so late. */
const memoryMs = 30_000;

/** Makes instances as far as they can be made now: Service, key, certificate, then the process. */
export function createInstanceRunner(context: OperatorContext): (spec: InstanceSpec) => Promise<RunningInstance> {
  const { client, informers, settings, clock } = context;
  /** By instance: the TLS chain that its Secret was brought to, and when. An instance that changes often is not worth two reads each time. */
  const settled = new Map<string, { chain: string; at: number }>();

  async function run(spec: InstanceSpec): Promise<RunningInstance> {
    const { installation, member, name } = spec;
    const { namespace = '' } = installation.metadata;
    const labels = instanceLabels(member, installation, name);
    const instance = { installation, name, labels, server: serverOf(installation.spec, spec.packageId, settings), placement: settings.placement };
    const service = await applyOwned(client, services, installation, instanceService(instance), informers.services.get(namespace, name));
    const host = service.spec.clusterIP;
    const running = { name, address: host ? `${host}:${instancePorts.grpc}` : undefined, ready: false };
    if (!spec.starts) return { ...running, obstacle: waiting('WaitingForApproval', "The contract's instance starts when the channel has a leader or the member's approval is under way.") };
    const obstacle = await ensureTls(spec, labels);
    if (obstacle !== undefined) return { ...running, obstacle };
    await applyOwned(client, statefulSets, installation, instanceStatefulSet(instance), informers.statefulSets.get(namespace, name));
    return { ...running, ...(await watchInstance(context, spec, host)) };
  }

  /** What is still missing of the instance's key and certificate. */
  async function ensureTls(spec: InstanceSpec, labels: Record<string, string>): Promise<Outcome | undefined> {
    const { installation, member, name } = spec;
    const { namespace = '' } = installation.metadata;
    const names = instanceNames(name);
    const request = informers.certificateRequests.get(namespace, names.tlsRequest);
    const refused = await refusalOf(context, request, installation);
    if (refused !== undefined) return refused;
    const chain = chainOf(request, member);
    const known = settled.get(`${namespace}/${name}`);
    if (known !== undefined && known.chain === chain && clock.monotonic() - known.at < memoryMs) return undefined;
    // The key was there before the request; it is looked at again when its certificate is.
    if (request !== undefined && chain === undefined) return waitForCertificate;
    const secret = (of: string): Promise<Secret | undefined> => client.get(secrets, { namespace, name: of });
    const [keys, certificates] = await Promise.all([secret(names.keys), secret(names.certificates)]);
    if (request === undefined) await askForCertificate(context, spec, keys ?? (await createKey(context, spec, labels)), labels);
    else if (keys === undefined) {
      // No ledger knows this key: another one does no harm.
      await client.delete(certificateRequest.type, request.metadata, { uid: request.metadata.uid });
    } else if (chain !== undefined) {
      const data = { 'tls.pem': base64(chain) };
      await applyOwned(client, secrets, installation, { metadata: { name: names.certificates, namespace, labels }, type: 'Opaque', data }, certificates);
      const now = clock.monotonic();
      for (const [instance, { at }] of settled) if (now - at >= memoryMs) settled.delete(instance);
      settled.set(`${namespace}/${name}`, { chain, at: now });
      return undefined;
    }
    return waitForCertificate;
  }

  return run;
}

async function refusalOf({ client }: OperatorContext, request: CertificateRequest | undefined, installation: ContractInstallation): Promise<Outcome | undefined> {
  if (await discardRefused(client, [request], installation)) return waitForCertificate;
  const denied = request && stallOf(request);
  return denied === undefined ? undefined : stalled('Denied', `The certificate authority refused the instance's certificate: ${denied}`);
}

/** The server's certificate and the CA above it, as far as they are there. */
function chainOf(request: CertificateRequest | undefined, member: Member): string | undefined {
  const certificate = request?.status?.certificate;
  const issuing = member.status?.certificateAuthority?.tls.issuing;
  return certificate === undefined || issuing === undefined ? undefined : parseCertificatePem(certificate).pem + issuing;
}

/** An instance that another process made in the meantime is as good. */
async function createKey({ client }: OperatorContext, { installation, name }: InstanceSpec, labels: Record<string, string>): Promise<Secret> {
  const ref = { name: instanceNames(name).keys, namespace: installation.metadata.namespace ?? '' };
  const { privateKeyPem } = await generateKeyPair();
  try {
    return await client.create(secrets, ownedBy(installation, { metadata: { ...ref, labels }, type: 'Opaque', data: { 'tls.key': base64(privateKeyPem) }, immutable: true }));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get(secrets, ref);
    if (existing === undefined) throw error;
    return existing;
  }
}

async function askForCertificate({ client }: OperatorContext, { installation, name }: InstanceSpec, keys: Secret, labels: Record<string, string>): Promise<void> {
  const key = Buffer.from(keys.data?.['tls.key'] ?? '', 'base64').toString('utf8');
  const csr = await createCertificateRequest({ subject: [{ type: 'CN', value: name }] }, createSigner(key));
  const metadata = { name: instanceNames(name).tlsRequest, namespace: installation.metadata.namespace ?? '', labels, ...askingOf(installation) };
  await client.create(certificateRequest.type, ownedBy(installation, { metadata, spec: { profile: 'contract-tls', csr, service: name } })).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

const timeoutMs = 1_500;
/** What keeps an instance from running is told before what goes wrong for want of it, such as an install that is tried again; so it is looked at again too. */
const troubleLookMs = 1_000;

/** Asked for as long as its process lives. */
async function watchInstance(context: OperatorContext, { installation, member, name, packageId }: InstanceSpec, host: string | undefined): Promise<Pick<RunningInstance, 'ready' | 'obstacle'>> {
  const { informers, instances, fabric, words } = context;
  const { namespace = '' } = installation.metadata;
  const key = `${namespace}/${name}`;
  const found = informers.pods.get(namespace, instanceNames(name).pod);
  const { image } = installation.spec;
  const word = await words.of({ set: informers.statefulSets.get(namespace, name), pod: found });
  const pod = podState(found, { word, imageOf: image === undefined ? 'operator' : 'contract' });
  if (pod.kind !== 'running' || host === undefined) {
    instances.forget(key);
    return { ready: false, obstacle: unstarted(pod) };
  }
  const root = member.status?.certificateAuthority?.tls.root ?? '';
  const inspect = (signal: AbortSignal): Promise<InstanceInspection> =>
    image === undefined
      ? // Guildhall's runner tells by itself which code it runs.
        fabric.instances.inspect(`http://${host}:${instancePorts.health}/healthz`, { artifactDigest: codeDigest(installation.spec), packageId }, { timeoutMs, signal })
      : // What an image runs, its digest says, by which the node got it.
        fabric.instances.greet({ address: `${host}:${instancePorts.grpc}`, tlsRoots: [root] }, { timeoutMs, signal });
  instances.watch(key, JSON.stringify([pod.instance, host, packageId, root]), askTwice(inspect, ({ silent }) => silent));
  const last = instances.last(key);
  if (last?.healthy === true) return { ready: true, obstacle: undefined };
  return { ready: false, obstacle: waiting('WaitingForInstance', `The contract's instance is not ready: ${last?.why ?? 'it has been started'}.`, last && troubleLookMs) };
}

function unstarted(pod: PodState): Outcome {
  const { reason, message } = pod.kind === 'running' ? { reason: 'WaitingForAddress' as const, message: 'The instance has no address yet.' } : pod;
  const isLate = pod.kind === 'absent' || pod.kind === 'pending';
  return waiting(reason === 'WaitingForPod' ? 'WaitingForInstance' : reason, `The contract's instance: ${message}`, isLate ? unstartedLookMs : undefined);
}
