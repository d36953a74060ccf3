import { PkiError, parseCertificatePem, verifyChain } from '@guildhall/pki';
import { ConfigError } from '../errors.ts';
import { requireChannelId } from '../msp/index.ts';
import { isConfigName } from '../msp/names.ts';
import type { Address, BftOptions, ChannelConfiguration, Ordering, RaftConsenter, RaftOptions } from './description.ts';

/** gRPC messages of more than 100 MB are refused; Fabric caps a block at 49 MB so that two fit. */
const MAXIMUM_BLOCK_BYTES = 49 * 1024 * 1024;

/** Refuses what Fabric would refuse (or would accept and then not run), with the path of the field. */
export function requireSound(configuration: ChannelConfiguration): void {
  requireChannelId(configuration.channel, 'channel');
  requireOrganizations(configuration);
  requireBatch(configuration);
  requireOrdering(configuration);
}

function refuse(path: string, message: string): never {
  throw new ConfigError('INVALID_CONFIGURATION', message, { path });
}

function requireOrganizations({ ordererOrganizations, applicationOrganizations }: ChannelConfiguration): void {
  const msps = new Map<string, string>();
  for (const [key, organizations] of Object.entries({ ordererOrganizations, applicationOrganizations })) {
    if (organizations.length === 0)
      refuse(key, `A channel needs at least one ${key === 'ordererOrganizations' ? 'ordering' : 'endorsing'} member.`);
    const names = new Set<string>();
    for (const [index, { name, msp }] of organizations.entries()) {
      const path = `${key}.${index}`;
      if (!isConfigName(name))
        refuse(`${path}.name`, `"${name}" is not a name in a channel's configuration: letters, digits, dot and dash.`);
      if (names.has(name)) refuse(`${path}.name`, `${name} is there twice.`);
      names.add(name);
      const text = JSON.stringify(msp);
      if ((msps.get(msp.mspId) ?? text) !== text)
        refuse(`${path}.msp`, `${msp.mspId} is described in two different ways; Fabric knows one MSP per id.`);
      msps.set(msp.mspId, text);
    }
    if (new Set(organizations.map(({ msp }) => msp.mspId)).size < organizations.length) refuse(key, 'Two members have the same MSP id.');
  }
  for (const [index, { endpoints, msp }] of ordererOrganizations.entries()) {
    if (endpoints.length === 0)
      refuse(`ordererOrganizations.${index}.endpoints`, `${msp.mspId} orders and needs the address of at least one orderer.`);
    requireAddresses(endpoints, `ordererOrganizations.${index}.endpoints`);
  }
  for (const [index, { anchorPeers }] of applicationOrganizations.entries())
    requireAddresses(anchorPeers, `applicationOrganizations.${index}.anchorPeers`);
}

function requireAddresses(addresses: readonly Address[], path: string): void {
  for (const [index, { host, port }] of addresses.entries()) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host))
      refuse(`${path}.${index}.host`, `"${host}" is not a host name or IPv4 address.`);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) refuse(`${path}.${index}.port`, `${port} is not a port.`);
  }
  const texts = addresses.map(({ host, port }) => `${host}:${port}`);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined) refuse(path, `${twice} is there twice.`);
}

function requireBatch({ batch }: ChannelConfiguration): void {
  requirePositive(batch, 'batch');
  if (batch.preferredMaxBytes > batch.absoluteMaxBytes)
    refuse('batch.preferredMaxBytes', 'The preferred size of a block is above the largest allowed.');
  if (batch.absoluteMaxBytes > MAXIMUM_BLOCK_BYTES) refuse('batch.absoluteMaxBytes', `A block has at most ${MAXIMUM_BLOCK_BYTES} bytes.`);
}

function requirePositive(values: object, path: string, except: readonly string[] = []): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && !except.includes(name) && !(Number.isSafeInteger(value) && value > 0))
      refuse(`${path}.${name}`, `${name} is ${value} and must be a whole number above 0.`);
  }
}

function requireOrdering(configuration: ChannelConfiguration): void {
  const { ordering } = configuration;
  const path = 'ordering.consenters';
  if (ordering.consenters.length === 0) refuse(path, 'A channel needs at least one consenter.');
  requireAddresses(ordering.consenters, path);
  const certificates = ordering.consenters.map(({ serverTlsCertificate }) => serverTlsCertificate);
  const twice = certificates.findIndex((certificate, index) => certificates.indexOf(certificate) !== index);
  if (twice >= 0) refuse(`${path}.${twice}.serverTlsCertificate`, 'Two consenters have the same TLS certificate.');
  for (const [index, consenter] of ordering.consenters.entries()) requireKnownIssuer(consenter, configuration, `${path}.${index}`);
  if (ordering.type === 'raft') requireRaftOptions(ordering.options);
  else requireBft(ordering, configuration);
}

/** Orderers check consenters' certificates against the TLS CAs of the ordering members, without the clock (etcdraft/util.go). */
function requireKnownIssuer(consenter: RaftConsenter, { ordererOrganizations }: ChannelConfiguration, path: string): void {
  const parse = (pems: readonly string[]): ReturnType<typeof parseCertificatePem>[] => pems.map(parseCertificatePem);
  for (const field of ['clientTlsCertificate', 'serverTlsCertificate'] as const) {
    try {
      const certificate = parseCertificatePem(consenter[field]);
      verifyChain(certificate, {
        roots: ordererOrganizations.flatMap(({ msp }) => parse(msp.tlsRootCertificates)),
        intermediates: ordererOrganizations.flatMap(({ msp }) => parse(msp.tlsIntermediateCertificates)),
        at: certificate.notBefore,
      });
    } catch (cause) {
      if (!(cause instanceof PkiError)) throw cause;
      throw new ConfigError(
        'INVALID_CONFIGURATION',
        `The TLS certificate of ${consenter.host}:${consenter.port} was not issued by an ordering member of the channel: ${cause.message}.`,
        { path: `${path}.${field}`, cause },
      );
    }
  }
}

function requireRaftOptions(options: RaftOptions): void {
  requirePositive(options, 'ordering.options');
  if (options.electionTick <= options.heartbeatTick)
    refuse('ordering.options.electionTick', 'An election must take more ticks than a heartbeat.');
}

function requireBft(ordering: Extract<Ordering, { type: 'bft' }>, { capabilities, ordererOrganizations }: ChannelConfiguration): void {
  if (!capabilities.channel.includes('V3_0')) refuse('capabilities.channel', 'BFT needs the channel capability V3_0.');
  const ids = ordering.consenters.map(({ id }) => id);
  for (const [index, { id, mspId }] of ordering.consenters.entries()) {
    const path = `ordering.consenters.${index}`;
    if (!Number.isInteger(id) || id < 1 || id > 65_535 || ids.indexOf(id) !== index)
      refuse(`${path}.id`, `${id} is not a number of its own between 1 and 65535.`);
    if (!ordererOrganizations.some(({ msp }) => msp.mspId === mspId))
      refuse(`${path}.mspId`, `${mspId} is not an ordering member of the channel.`);
  }
  requireBftOptions(ordering.options);
}

/** SmartBFT pkg/types Configuration.Validate. */
function requireBftOptions(options: BftOptions): void {
  const path = 'ordering.options';
  requirePositive(options, path, ['requestMaxBytes']);
  if (options.requestForwardTimeoutMs > options.requestComplainTimeoutMs)
    refuse(`${path}.requestForwardTimeoutMs`, 'A request must be forwarded before it is complained about.');
  if (options.requestComplainTimeoutMs > options.requestAutoRemoveTimeoutMs)
    refuse(`${path}.requestComplainTimeoutMs`, 'A request must be complained about before it is removed.');
  if (options.viewChangeResendIntervalMs > options.viewChangeTimeoutMs)
    refuse(`${path}.viewChangeResendIntervalMs`, 'A view change must be sent again before it times out.');
}
