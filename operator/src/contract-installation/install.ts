import { contractPackage } from '@guildhall/agreement';
import { buildProposal, isBuildFailure, type ContractPackage } from '@guildhall/fabric';
import type { Contract, ContractInstallation, Member, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeEndpoint } from '../endpoints.ts';
import { attempt } from '../fabric-problem.ts';
import { nodeLabels } from '../names.ts';
import { stalled, waiting, type Outcome } from '../outcome.ts';
import { refreshFolder } from './refresh-folder.ts';

export interface Step {
  installation: ContractInstallation;
  contract: Contract;
  member: Member;
  now: number;
  signal: AbortSignal;
}

/** In which a kubelet writes what it looks at. */
const refreshedMs = 1_500;

/** By the object in the cache: it is asked for with each look, and made by compressing. */
const packages = new WeakMap<Contract, ContractPackage>();

export function packageOf(contract: Contract): ContractPackage {
  const made = packages.get(contract) ?? contractPackage(contract.metadata.name, contract.spec);
  packages.set(contract, made);
  return made;
}

export const administratorOf = ({ spec, status }: Member): { mspId: string; certificate: string } | undefined => {
  const certificate = status?.certificateAuthority?.admin.certificate;
  return certificate === undefined ? undefined : { mspId: spec.mspId, certificate };
};

export const noAdministrator = waiting('WaitingForCertificateAuthority', "The member's administrator has no certificate yet.");

const notBuilt = ({ metadata: { name } }: Node): string =>
  `Peer ${name} could not build the contract's package: most often its folder does not show yet where the contract's instance is. It is tried again by itself; the peer's log says why.`;

/** Gives one peer the package; undefined when it has it. `answers`: the peer can be asked now. */
export async function installOn(context: OperatorContext, { installation, contract, member, now, signal }: Step, peer: Node, answers: boolean): Promise<Outcome | undefined> {
  const { signing, fabric, nonce } = context;
  const creator = administratorOf(member);
  if (creator === undefined) return noAdministrator;
  const { packageId, bytes } = packageOf(contract);
  const task = { intent: installation, purpose: 'install-contract' as const, target: `${peer.metadata.name} ${packageId}`, labels: nodeLabels(member, peer) };
  const signed = await signing.find(task, now);
  if (signed.kind === 'absent') {
    await signing.ask(task, buildProposal({ kind: 'InstallChaincode', package: bytes }, { creator, nonce: nonce(), timestamp: new Date(now) }).bytes);
    return waiting('WaitingForSignature', `Waiting for the signature of the member's administrator (install-contract, ${peer.metadata.name}).`);
  }
  if (signed.kind === 'denied') return stalled('Denied', `The signer refused to install on ${peer.metadata.name}: ${signed.message}`);
  if (signed.kind === 'waiting') return waiting('WaitingForSignature', signed.message);
  const endpoint = nodeEndpoint(peer, member);
  if (!answers || endpoint === undefined) return waiting('WaitingForNode', `Peer ${peer.metadata.name} does not answer yet.`);
  const installed = await attempt(() => fabric.peers.install(endpoint, signed, signal));
  // The same bytes are sent again until they are too old: an install leaves no trace that would forbid it.
  if ('failed' in installed) {
    if (!isBuildFailure(installed.error)) return installed.failed;
    return (await refreshFolder(context, peer)) ? waiting('WaitingForAddress', notBuilt(peer), refreshedMs) : { ...installed.failed, message: notBuilt(peer) };
  }
  if (installed.result !== packageId) return stalled('LedgerRefused', `Peer ${peer.metadata.name} installed ${installed.result} where ${packageId} was sent: stop it and look at its log.`);
  return undefined;
}
