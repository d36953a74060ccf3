import { codeDigest, type Channel, type Contract, type ContractInstallation, type Member } from '@guildhall/resources';
import { digestOf } from '../cluster/digests.ts';
import { refKey, type Informers } from '../cluster/informers.ts';
import { stallOf } from '../outcome.ts';
import type { ContractParty } from './decide.ts';

export interface FoundParty extends ContractParty {
  member: Member | undefined;
  installation: ContractInstallation | undefined;
}

/** What each member of the channel consented to and runs, as its own installation shows. */
export function contractParties(informers: Pick<Informers, 'installations'>, contract: Contract, channel: Channel, members: ReadonlyMap<string, Member>, packageId: string): FoundParty[] {
  const { namespace = '', name } = contract.metadata;
  const digest = digestOf(contract.spec);
  const installations = informers.installations.byIndex('contract', refKey({ namespace, name })).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return channel.spec.members.map(({ name: memberName }) => {
    const member = members.get(memberName);
    const installation = installations.find(({ metadata }) => metadata.namespace === member?.metadata.namespace);
    const consented = installation?.spec.contractDigest === digest;
    const status = consented ? installation.status : undefined;
    const current = status?.packageId === packageId ? status : undefined;
    return {
      name: memberName,
      mspId: member?.spec.mspId ?? '',
      endorses: member?.spec.roles.includes('endorsing') ?? false,
      consented,
      installed: consented && installation.spec.peers.every((peer) => current?.installedOn?.includes(peer)),
      sameCode: current?.instance?.artifactDigest === codeDigest(contract.spec),
      running: current?.instance?.ready === true,
      stalled: installation && stallOf(installation),
      member,
      installation,
    };
  });
}
