import { parseCertificateRequest, PkiError, type AlternativeName } from '@guildhall/pki';
import type { Service } from '@guildhall/kubernetes';
import {
  isOutside,
  labels,
  outsideHost,
  type CertificateProfile,
  type CertificateRequest,
  type ClientIdentity,
  type ContractInstallation,
  type Member,
  type Node,
  type Reason,
} from '@guildhall/resources';
import { namesOfService } from './addresses.ts';
import type { SubjectFacts } from './profiles.ts';

/** What stands in the request's namespace, as far as the request names it. */
export interface RequestFacts {
  readonly member: Member | undefined;
  readonly node: Node | undefined;
  readonly service: Service | undefined;
  /** The ContractInstallation that the Service says it serves. */
  readonly installation: ContractInstallation | undefined;
  /** Below it nodes have their names outside the cluster. */
  readonly exposureDomain?: string | undefined;
}

export type IssuanceDecision =
  | { readonly kind: 'issue'; readonly member: Member; readonly facts: SubjectFacts }
  | { readonly kind: 'wait'; readonly reason: Reason; readonly message: string }
  | { readonly kind: 'deny'; readonly message: string };

/** A namespace is one member's; with a second Member in it nobody could say whose certificate this would be. */
export function onlyMember(members: readonly Member[]): Member | undefined {
  const [member, ...others] = members.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return others.length === 0 ? member : undefined;
}

/** Who a certificate is for; everything else follows from the profile. */
type Holder = Omit<SubjectFacts, 'organization' | 'publicKey'>;
type Finding = { readonly kind: 'holder'; readonly holder: Holder } | Exclude<IssuanceDecision, { kind: 'issue' }>;

/** The component that may ask for identities with a contract role; see docs/decisions/certificate-profiles.md. */
const gatewayComponent = 'ledger-gateway';
const operatorName = 'guildhall-operator';

type Field = 'node' | 'service' | 'role';
const fieldsOf: Readonly<Record<CertificateProfile, { needed: readonly Field[]; allowed: readonly Field[] }>> = {
  peer: { needed: ['node'], allowed: ['node'] },
  orderer: { needed: ['node'], allowed: ['node'] },
  'node-tls': { needed: ['node', 'service'], allowed: ['node', 'service'] },
  'contract-tls': { needed: ['service'], allowed: ['service'] },
  'operator-admin-client': { needed: [], allowed: [] },
  'operator-client': { needed: [], allowed: [] },
  client: { needed: [], allowed: ['role'] },
};

const holders: Readonly<Record<CertificateProfile, (request: CertificateRequest, member: Member, found: RequestFacts) => Finding>> = {
  peer: nodeIdentity,
  orderer: nodeIdentity,
  'node-tls': nodeTls,
  'contract-tls': contractTls,
  'operator-admin-client': () => holder({ commonName: operatorName }),
  'operator-client': () => holder({ commonName: operatorName }),
  client,
};

/**
 * Whether a CertificateRequest is answered, and with whom in the certificate. Nothing is taken from the request but the public key, whose
 * owner has proved to hold the private one; subject, names and attributes are those of the objects in the request's own namespace.
 */
export function decideIssuance(request: CertificateRequest, found: RequestFacts): IssuanceDecision {
  const { member } = found;
  if (member === undefined) return withoutMember(request.metadata.namespace);
  const finding = wrongFields(request) ?? holders[request.spec.profile](request, member, found);
  if (finding.kind !== 'holder') return finding;
  return forKeyOf(request.spec.csr, member, finding.holder);
}

/** What an application gets that keeps its own key: the object's name and those of the member's roles that it asks for. */
export function decideClientIdentity({ metadata, spec }: ClientIdentity, member: Member | undefined): IssuanceDecision {
  if (member === undefined) return withoutMember(metadata.namespace);
  const foreign = spec.roles.find((role) => !member.spec.applicationRoles.includes(role));
  if (foreign !== undefined) return foreignRole(foreign, member);
  const attributes = spec.roles.length === 0 ? {} : { attributes: { 'gh.role': spec.roles.join(',') } };
  return forKeyOf(spec.csr, member, { commonName: metadata.name, lifetimeDays: spec.validDays, ...attributes });
}

function forKeyOf(csr: string, member: Member, holder: Holder): IssuanceDecision {
  try {
    const { publicKey } = parseCertificateRequest(csr, { allowed: ['P-256'] });
    return { kind: 'issue', member, facts: { ...holder, organization: member.spec.mspId, publicKey } };
  } catch (error) {
    if (error instanceof PkiError) return deny(error.message);
    throw error;
  }
}

const withoutMember = (namespace = ''): IssuanceDecision & Finding => wait('WaitingForMember', `namespace ${namespace} does not hold exactly one Member`);

const foreignRole = (role: string, { metadata, spec }: Member): IssuanceDecision & Finding =>
  deny(`Member ${metadata.name} does not act as ${role}; its spec.applicationRoles are: ${spec.applicationRoles.join(', ') || 'none'}`);

function wrongFields({ spec }: CertificateRequest): Finding | undefined {
  const { needed, allowed } = fieldsOf[spec.profile];
  const given = (['node', 'service', 'role'] as const).filter((field) => spec[field] !== undefined);
  const missing = needed.find((field) => !given.includes(field));
  if (missing !== undefined) return deny(`profile ${spec.profile} needs spec.${missing}`);
  const extra = given.find((field) => !allowed.includes(field));
  return extra === undefined ? undefined : deny(`profile ${spec.profile} has no use for spec.${extra}; leave it out`);
}

function nodeIdentity({ spec }: CertificateRequest, member: Member, { node }: RequestFacts): Finding {
  const problem = nodeProblem(spec.node, member, node);
  if (problem !== undefined) return problem;
  if (node?.spec.role !== spec.profile)
    return deny(`Node ${spec.node} is of role ${node?.spec.role}; it cannot have an identity of profile ${spec.profile}`);
  return holder({ commonName: node.metadata.name, node: node.metadata.uid ?? '' });
}

function nodeTls({ spec }: CertificateRequest, member: Member, { node, service, exposureDomain }: RequestFacts): Finding {
  const problem = nodeProblem(spec.node, member, node);
  if (problem !== undefined) return problem;
  if (service === undefined) return wait('WaitingForReference', `Service ${spec.service} does not exist yet`);
  if (service.metadata.labels?.[labels.node] !== spec.node)
    return deny(`Service ${spec.service} is not of Node ${spec.node}: its label ${labels.node} does not say so`);
  const who = { commonName: spec.node ?? '', node: node?.metadata.uid ?? '' };
  if (node === undefined || !isOutside(node.spec.exposure)) return named(service, who);
  if (exposureDomain === undefined) return wait('WaitingForAddress', `Node ${spec.node} is to be reached from outside, and the certificate authority knows no domain for that: set GUILDHALL_EXPOSURE_DOMAIN`);
  return named(service, who, [{ type: 'dns', value: outsideHost(node.metadata, exposureDomain) }]);
}

function contractTls({ spec }: CertificateRequest, _member: Member, { service, installation }: RequestFacts): Finding {
  if (service === undefined) return wait('WaitingForReference', `Service ${spec.service} does not exist yet`);
  const contract = service.metadata.labels?.[labels.contract];
  if (contract === undefined) return deny(`Service ${spec.service} serves no contract: it has no label ${labels.contract}`);
  if (installation === undefined)
    return wait(
      'WaitingForConsent',
      `the member has not consented to contract ${contract}: there is no ContractInstallation ${contract} yet`,
    );
  if (installation.metadata.deletionTimestamp !== undefined)
    return deny(`ContractInstallation ${contract} is being deleted: the member has withdrawn its consent`);
  return named(service, { commonName: service.metadata.name });
}

function client({ spec, metadata }: CertificateRequest, member: Member): Finding {
  if (metadata.labels?.[labels.component] !== gatewayComponent) {
    return deny(`client identities are for the ledger gateway: label ${labels.component} must be ${gatewayComponent}`);
  }
  const { role } = spec;
  if (role === undefined) return holder({ commonName: 'client' });
  if (!member.spec.applicationRoles.includes(role)) return foreignRole(role, member);
  return holder({ commonName: `client-${role}`, attributes: { 'gh.role': role } });
}

function nodeProblem(name: string | undefined, member: Member, node: Node | undefined): Finding | undefined {
  if (node === undefined) return wait('WaitingForReference', `Node ${name} does not exist yet`);
  if (node.spec.member !== member.metadata.name)
    return deny(`Node ${name} is of member ${node.spec.member}, not of ${member.metadata.name}`);
  if (node.metadata.deletionTimestamp !== undefined) return deny(`Node ${name} is being deleted`);
  return undefined;
}

function named(service: Service, who: Holder, outside: readonly AlternativeName[] = []): Finding {
  const found = namesOfService(service);
  if ('refused' in found) return deny(found.refused);
  if ('pending' in found) return wait('WaitingForAddress', found.pending);
  return holder({ ...who, names: [...found.names, ...outside] });
}

function holder(who: Holder): Finding {
  return { kind: 'holder', holder: who };
}

function deny(message: string): { kind: 'deny'; message: string } {
  return { kind: 'deny', message };
}

function wait(reason: Reason, message: string): { kind: 'wait'; reason: Reason; message: string } {
  return { kind: 'wait', reason, message };
}
