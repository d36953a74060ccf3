import {
  CUSTOMARY_POLICIES,
  LEDGER_PROFILES,
  parsePolicy,
  resolveImplicitMeta,
  signedByRole,
  type Address,
  type ChannelConfiguration,
  type MspDescription,
  type Policies,
  type Policy,
  type Role,
} from '@guildhall/fabric';
import type { Channel, Member } from '@guildhall/resources';
import { AgreementError } from './errors.ts';
import { ledgerSettings, type LedgerProfile } from './ledger-settings.ts';

export interface AgreedMember {
  readonly name: string;
  readonly mspId: string;
  readonly roles: Member['spec']['roles'];
  readonly authorities: Pick<NonNullable<NonNullable<Member['status']>['certificateAuthority']>, 'signing' | 'tls'>;
  /** Where the peers that its ChannelMembership names as anchors are reached. */
  readonly anchorPeers: readonly Address[];
}

export interface AgreedOrderer {
  readonly member: string;
  readonly node: string;
  readonly address: Address;
  /** PEM; for both directions. */
  readonly tlsCertificate: string;
}

export interface AgreedChannel {
  readonly name: string;
  readonly spec: Channel['spec'];
  readonly profile: LedgerProfile;
  /** At least those that the spec names; the order does not matter. */
  readonly members: readonly AgreedMember[];
  readonly orderers: readonly AgreedOrderer[];
}

/**
 * The first configuration of a channel. It follows from what the members agreed on and published alone, so that each signer can build it
 * anew and compare. Consenters stand in the order of the spec, everything else that Fabric keeps in order is sorted.
 */
export function channelConfiguration(agreed: AgreedChannel): ChannelConfiguration {
  const { spec, name } = agreed;
  const settings = ledgerSettings(agreed.profile, spec.ordering);
  const orderers = spec.orderers.map(({ member, node }) =>
    find(agreed.orderers, (orderer) => orderer.member === member && orderer.node === node, `orderer ${node} of ${member}`),
  );
  const participants = spec.members
    .map((member) => memberOf(agreed, member.name))
    .filter(({ roles }) => roles.includes('endorsing') || roles.includes('observing'));
  return {
    channel: name,
    ordering: {
      type: 'raft',
      consenters: orderers.map(({ address, tlsCertificate }) => ({
        ...address,
        clientTlsCertificate: tlsCertificate,
        serverTlsCertificate: tlsCertificate,
      })),
      options: settings.raft,
    },
    batch: settings.batch,
    capabilities: LEDGER_PROFILES[agreed.profile].capabilities,
    ordererOrganizations: distinct(orderers.map(({ member }) => member)).map((member) => ({
      name: memberOf(agreed, member).mspId,
      msp: mspOf(memberOf(agreed, member)),
      endpoints: sorted(orderers.filter((orderer) => orderer.member === member).map(({ address }) => address)),
    })),
    applicationOrganizations: participants.map((member) => ({
      name: member.mspId,
      msp: mspOf(member),
      anchorPeers: sorted(member.anchorPeers),
    })),
    policies: { application: applicationPolicies(spec.policies, participants) },
  };
}

function mspOf({ mspId, authorities }: AgreedMember): MspDescription {
  return {
    mspId,
    rootCertificates: [authorities.signing.root],
    intermediateCertificates: [authorities.signing.issuing],
    tlsRootCertificates: [authorities.tls.root],
    tlsIntermediateCertificates: [authorities.tls.issuing],
  };
}

function applicationPolicies(texts: Channel['spec']['policies'], participants: readonly AgreedMember[]): Policies {
  const endorsing = participants.filter(({ roles }) => roles.includes('endorsing')).map(({ mspId }) => mspId);
  const policies: Policies = {
    ...CUSTOMARY_POLICIES.application,
    Endorsement: parsePolicy(texts.endorsement),
    LifecycleEndorsement: parsePolicy(texts.lifecycleEndorsement),
  };
  if (endorsing.length === participants.length) return policies;
  return Object.fromEntries(Object.entries(policies).map(([name, policy]) => [name, withoutObservers(policy, endorsing)]));
}

/**
 * "More than half of the members" counts every organisation of the channel in Fabric, observers too. Where there are observers, the
 * rule is written out over those that endorse. Reading and writing stay open to all.
 */
function withoutObservers(policy: Policy, endorsing: readonly string[]): Policy {
  const role = policy.kind === 'implicitMeta' ? countedRoles.get(policy.subPolicy) : undefined;
  if (policy.kind !== 'implicitMeta' || role === undefined) return policy;
  return {
    kind: 'signature',
    rule: resolveImplicitMeta(
      policy,
      endorsing.map((mspId) => signedByRole(mspId, role)),
    ),
  };
}

const countedRoles: ReadonlyMap<string, Role> = new Map([
  ['Endorsement', 'peer'],
  ['Admins', 'admin'],
]);

const memberOf = (agreed: AgreedChannel, name: string): AgreedMember =>
  find(agreed.members, (member) => member.name === name, `member ${name}`);

function find<T>(items: readonly T[], matches: (item: T) => boolean, what: string): T {
  const found = items.find(matches);
  if (found === undefined)
    throw new AgreementError('INCOMPLETE', `the channel names ${what}, which is not known; wait until it is published`);
  return found;
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

const sorted = (addresses: readonly Address[]): Address[] => addresses.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

const key = ({ host, port }: Address): string => `${host}:${port}`;
