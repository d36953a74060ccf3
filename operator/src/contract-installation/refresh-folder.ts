import { isNotFound, pods, type ConfigMap } from '@guildhall/kubernetes';
import { annotations, specDigest, type Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { nodeNames } from '../names.ts';

const digestOf = ({ data = {} }: ConfigMap): string => specDigest(data).slice('sha256:'.length, 'sha256:'.length + 16);

/**
 * Has the peer's kubelet look at its folder of contracts' addresses now: by itself it looks at a pod's ConfigMaps about once a minute, but at once when the pod changes
 * (Kubernetes, "Mounted ConfigMaps are updated automatically"). True when that was done anew; once for each content of the folder.
 */
export async function refreshFolder({ client, informers }: OperatorContext, peer: Node): Promise<boolean> {
  const { namespace = '', name } = peer.metadata;
  const names = nodeNames(name);
  const [folder, pod] = [informers.configMaps.get(namespace, names.contracts), informers.pods.get(namespace, names.pod)];
  if (folder === undefined || pod === undefined) return false;
  const seen = digestOf(folder);
  if (pod.metadata.annotations?.[annotations.contractsSeen] === seen) return false;
  try {
    await client.mergePatch(pods, { namespace, name: names.pod }, { metadata: { annotations: { [annotations.contractsSeen]: seen } } });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false; // the next pod reads the folder when it starts
    throw error;
  }
}
