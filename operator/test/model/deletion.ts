import type { KubernetesClient, KubernetesObject, ResourceType } from '@guildhall/kubernetes';
import { annotations, channel, channelMembership, consortium, contract, contractInstallation, member, node } from '@guildhall/resources';

const everything = [contractInstallation.type, contract.type, channelMembership.type, channel.type, node.type, member.type, consortium.type] as ResourceType<KubernetesObject>[];

/** Asks for the deletion of all that there is, confirmed; in the order that is kept anyway, or in the opposite one. */
export async function deleteAll(client: KubernetesClient, { backwards = false, withData = false }: { backwards?: boolean; withData?: boolean }): Promise<void> {
  for (const type of backwards ? everything.toReversed() : everything) {
    for (const { metadata } of (await client.list(type)).items) {
      const { name, namespace = '' } = metadata;
      const confirmed = { [annotations.confirmDeletion]: name, ...(withData ? { [annotations.deleteData]: 'true' } : {}) };
      await client.mergePatch(type, { namespace, name }, { metadata: { annotations: confirmed } });
      await client.delete(type, { namespace, name });
    }
  }
}
