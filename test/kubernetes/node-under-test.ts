import { accountsOf, historyFlags, onApiServer } from '../conformance/kubernetes.ts';
import { createTokens, type ClusterUnderTest } from '../conformance/cluster-under-test.ts';
import { findPrograms } from '../conformance/programs.ts';
import { programImage } from '../support/kubernetes/containerd.ts';
import { startNode, type KubernetesNode, type NodeOptions } from '../support/kubernetes/node.ts';
import { lackingForNode } from '../support/kubernetes/prerequisites.ts';

const said = lackingForNode();
if (said !== undefined && process.env['CI'] === 'true') throw new Error(said);
const programs = said === undefined ? await findPrograms({ node: true }) : { bin: '', skip: said };

/** Why no node can be started here; with CI=true, to be unable is a failure. */
export const skip: string | false = programs.skip;
export const { bin } = programs;

/** @param options besides the programs */
export const startTestNode = (options: Omit<NodeOptions, 'bin'> = {}): Promise<KubernetesNode> =>
  startNode({ bin, ...options, onProgress: (line) => void process.stderr.write(`${line}\n`) });

/** A node as the conformance suite sees it; its containers know the image `pause`, which does nothing. */
export async function startNodeUnderTest(): Promise<ClusterUnderTest> {
  const tokens = createTokens();
  const node = await startTestNode({ accounts: accountsOf(tokens), flags: historyFlags });
  const { close, ...cluster } = onApiServer(node.api, tokens);
  await node.images.load(programImage('pause', `${bin}/pause`));
  return {
    name: 'a node of Kubernetes',
    ...cluster,
    atWork: new Set(['PersistentVolumeClaim', 'StatefulSet', 'Pod', 'PodDisruptionBudget']),
    // The garbage collector looks for new kinds every 30 s only, and at its start.
    installed: () => node.restart('kube-controller-manager'),
    async stop() {
      await close();
      await node.stop();
    },
  };
}
