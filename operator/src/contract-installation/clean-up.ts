import { certificateRequest, type ContractInstallation } from '@guildhall/resources';
import { secrets, services, statefulSets } from '@guildhall/kubernetes';
import type { OperatorContext } from '../context.ts';
import { instanceNames } from '../names.ts';
import { withdrawAddresses } from './connection.ts';

/**
 * Ends the instances of code that the ledger no longer runs: only after the new definition is committed and approved here, since
 * until then peers call the old one.
 */
export async function removeFormerInstances(context: OperatorContext, installation: ContractInstallation, current: { name: string; label: string }): Promise<void> {
  const { client, informers } = context;
  const { namespace = '', uid = '' } = installation.metadata;
  const former = informers.services.byIndex('owner', uid).filter(({ metadata }) => metadata.name !== current.name && metadata.deletionTimestamp === undefined);
  await Promise.all(installation.spec.peers.map((peer) => withdrawAddresses(context, installation, peer, [current.label])));
  await Promise.all(
    former.map(async ({ metadata: { name, uid: serviceUid } }) => {
      const names = instanceNames(name);
      context.instances.forget(`${namespace}/${name}`);
      await Promise.all([
        client.delete(statefulSets, { namespace, name }),
        client.delete(secrets, { namespace, name: names.keys }),
        client.delete(secrets, { namespace, name: names.certificates }),
        client.delete(certificateRequest.type, { namespace, name: names.tlsRequest }),
      ]);
      // Last: it is what an interrupted clean-up is found by.
      await client.delete(services, { namespace, name }, { uid: serviceUid });
    }),
  );
}
