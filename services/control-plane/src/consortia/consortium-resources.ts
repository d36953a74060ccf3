import {
  channel,
  channelMembership,
  consortium,
  consortiumNamespace,
  contract,
  contractInstallation,
  finalizer,
  labels,
  member,
  memberNamespace,
  node,
  specDigest,
  type Channel,
  type ContractCode,
  type GuildhallObject,
  type Kind,
} from '@guildhall/resources';
import type { ObjectMeta } from '@guildhall/kubernetes';
import { z } from 'zod';
import type { ContractInput, CreateConsortiumInput, MemberInput } from './consortium-input.ts';
import { nodeSpec, type NodeDefaults } from './node-spec.ts';
import { memberRolesOf, nodesOf, type ResolvedChannel, type Topology } from './topology.ts';

export type DesiredObject = GuildhallObject<unknown, unknown>;
export interface DesiredNamespace {
  name: string;
  labels: Record<string, string>;
}
export interface Desired {
  namespaces: DesiredNamespace[];
  objects: DesiredObject[];
}

/** Of Fabric: what every consortium gets. */
export const ledgerVersion = '3.1';

/**
 * Builds objects of one consortium, with the labels that everything of it carries, and with the finalizer, which their controllers would add.
 * Defaults are filled in, because digests are taken over the whole spec.
 */
export function objectBuilder(consortiumName: string): {
  inConsortium: ReturnType<typeof build>;
  inMember: (memberName: string) => ReturnType<typeof build>;
} {
  const base = { [labels.consortium]: consortiumName, [labels.managedBy]: 'guildhall' };
  return {
    inConsortium: build(consortiumNamespace(consortiumName), base),
    inMember: (memberName) => build(memberNamespace(consortiumName, memberName), { ...base, [labels.member]: memberName }),
  };
}

const build =
  (namespace: string, objectLabels: Record<string, string>) =>
  <Spec extends z.ZodType, Status extends z.ZodType>(
    kind: Kind<Spec, Status>,
    name: string,
    spec: z.input<Spec>,
  ): GuildhallObject<z.output<Spec>, z.output<Status>> => {
    const metadata: ObjectMeta = { namespace, name, labels: objectLabels, ...(kind.cleansUp ? { finalizers: [finalizer] } : {}) };
    return { apiVersion: `${kind.type.group}/${kind.type.version}`, kind: kind.type.kind, metadata, spec: kind.specSchema.parse(spec) };
  };

export const namespacesOf = (consortiumName: string, members: readonly string[]): DesiredNamespace[] => {
  const base = { [labels.consortium]: consortiumName, [labels.managedBy]: 'guildhall' };
  return [
    { name: consortiumNamespace(consortiumName), labels: base },
    ...members.map((name) => ({ name: memberNamespace(consortiumName, name), labels: { ...base, [labels.member]: name } })),
  ];
};

function channelObject(consortiumName: string, resolved: ResolvedChannel): Channel {
  const { inConsortium } = objectBuilder(consortiumName);
  return inConsortium(channel, resolved.name, {
    members: resolved.members.map((name) => ({ name })),
    orderers: resolved.orderers,
    ordering: {
      type: 'raft',
      ...(resolved.batch ? { batch: resolved.batch } : {}),
      ...(resolved.tickMs === undefined ? {} : { tickMs: resolved.tickMs }),
    },
    policies: { endorsement: resolved.endorsementPolicy, lifecycleEndorsement: resolved.lifecycleEndorsementPolicy },
  });
}

function memberObjects(consortiumName: string, input: MemberInput, defaults: NodeDefaults): DesiredObject[] {
  const inMember = objectBuilder(consortiumName).inMember(input.name);
  return [
    inMember(member, input.name, {
      consortium: { namespace: consortiumNamespace(consortiumName), name: consortiumName },
      mspId: input.mspId,
      ...(input.displayName === undefined ? {} : { displayName: input.displayName }),
      roles: memberRolesOf(input),
      applicationRoles: input.applicationRoles,
    }),
    ...input.nodes.map((each) => inMember(node, each.name, nodeSpec(input.name, each, defaults))),
  ];
}

/** Consents of the members that take part in a channel, with their peers, or that order for it. */
function membershipObjects(consortiumName: string, resolved: ResolvedChannel, members: readonly MemberInput[]): DesiredObject[] {
  const agreed = channelObject(consortiumName, resolved);
  return members.flatMap((each) => {
    const peers = resolved.members.includes(each.name) ? nodesOf(each, 'peer') : [];
    const orderers = resolved.orderers.filter((orderer) => orderer.member === each.name).map((orderer) => orderer.node);
    if (peers.length === 0 && orderers.length === 0) return [];
    return [
      objectBuilder(consortiumName).inMember(each.name)(channelMembership, resolved.name, {
        channel: { namespace: consortiumNamespace(consortiumName), name: resolved.name },
        channelDigest: specDigest(agreed.spec),
        peers,
        orderers,
        anchorPeers: peers.slice(0, 1),
      }),
    ];
  });
}

export interface AgreedContract extends ContractCode {
  name: string;
  channel: string;
  version: string;
  endorsementPolicy: string;
}

/** What was agreed about a contract, and each member's consent to exactly that. */
export function contractObjects(
  consortiumName: string,
  agreed: AgreedContract,
  members: readonly { name: string; peers: string[] }[],
): DesiredObject[] {
  const { inConsortium, inMember } = objectBuilder(consortiumName);
  const code = agreed.image === undefined ? { artifactDigest: agreed.artifactDigest } : { image: agreed.image };
  const definition = inConsortium(contract, agreed.name, {
    channel: agreed.channel,
    version: agreed.version,
    ...code,
    endorsementPolicy: agreed.endorsementPolicy,
  });
  return [
    definition,
    ...members.map(({ name, peers }) =>
      inMember(name)(contractInstallation, agreed.name, {
        contract: { namespace: consortiumNamespace(consortiumName), name: agreed.name },
        contractDigest: specDigest(definition.spec),
        ...code,
        peers,
      }),
    ),
  ];
}

/** Everything that a consortium of this input consists of, in the order in which it is written. */
export function desiredConsortium(
  input: CreateConsortiumInput,
  topology: Topology,
  contracts: readonly (ContractInput & { version: string; artifactDigest: string })[],
  defaults: NodeDefaults,
): Desired {
  const { inConsortium } = objectBuilder(input.name);
  const byName = new Map(input.members.map((each) => [each.name, each]));
  return {
    namespaces: namespacesOf(input.name, input.members.map((each) => each.name)),
    objects: [
      inConsortium(consortium, input.name, {
        ledger: { engine: 'fabric', version: ledgerVersion },
        profile: input.profile,
        members: input.members.map((each) => ({ name: each.name, mspId: each.mspId, namespace: memberNamespace(input.name, each.name) })),
      }),
      ...input.members.flatMap((each) => memberObjects(input.name, each, defaults)),
      ...topology.channels.map((resolved) => channelObject(input.name, resolved)),
      ...topology.channels.flatMap((resolved) => membershipObjects(input.name, resolved, input.members)),
      ...contracts.flatMap((each) => {
        const resolved = topology.channels.find((candidate) => candidate.name === each.channel);
        const members = (resolved?.members ?? []).map((name) => ({ name, peers: nodesOf(byName.get(name), 'peer') }));
        return contractObjects(input.name, each, members);
      }),
    ],
  };
}
