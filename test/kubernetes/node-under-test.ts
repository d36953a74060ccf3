import { accountsOf, atWorkInCluster, historyFlags, onApiServer } from '../conformance/kubernetes.ts';
import { createTokens, type ClusterUnderTest } from '../conformance/cluster-under-test.ts';
import { findPrograms } from '../conformance/programs.ts';
import type { Form } from '../conformance/suite.ts';
import { programImage } from '../support/kubernetes/containerd.ts';
import type { Cluster } from '../support/kubernetes/cluster.ts';
import { startNode, type KubernetesNode, type NodeOptions } from '../support/kubernetes/node.ts';
import { lackingForNode } from '../support/kubernetes/prerequisites.ts';
import { preparedImages } from './support/made-images.ts';
import { useCluster, useClusterUnderTest } from './existing-cluster.ts';

/** Used instead of a node that the tests start. */
const kubeconfig = process.env['KUBECONFIG'];
const said = kubeconfig === undefined ? lackingForNode() : undefined;
if (said !== undefined && process.env['CI'] === 'true') throw new Error(said);
const programs = said === undefined ? await findPrograms('node') : { bin: '', skip: said };

/** Why there is no cluster to be had; with CI=true, to be unable is a failure. */
export const skip: string | false = programs.skip;
/** The same for what takes a node of its own: it breaks parts of it, or looks into it. */
export const skipWithoutNode: string | false = kubeconfig === undefined ? skip : 'this takes a node of its own, and KUBECONFIG names a cluster: run it without';
export const { bin } = programs;

export const useTestCluster = async (): Promise<Cluster> => (kubeconfig === undefined ? startTestNode() : useCluster(bin, kubeconfig));

/** @param options besides the programs */
export const startTestNode = async (options: Omit<NodeOptions, 'bin' | 'preparedImages'> = {}): Promise<KubernetesNode> =>
  startNode({ bin, preparedImages: await preparedImages(bin), ...options, onProgress: (line) => void process.stderr.write(`${line}\n`) });

/** The cluster as the conformance suite sees it. */
export const clusterToConform: Pick<Form, 'name' | 'start' | 'cannot'> = kubeconfig === undefined
  ? { name: 'a node of Kubernetes', start: startNodeUnderTest }
  : {
    name: 'the cluster of KUBECONFIG',
    start: () => useClusterUnderTest(bin, kubeconfig),
    cannot: { forgetting: 'only its own people can make this cluster forget', strangers: 'the way to this cluster knows everybody' },
  };

/** Its containers know the image `pause`, which does nothing. */
async function startNodeUnderTest(): Promise<ClusterUnderTest> {
  const tokens = createTokens();
  const node = await startTestNode({ accounts: accountsOf(tokens), flags: historyFlags });
  const { close, ...cluster } = onApiServer(node.api, tokens);
  await node.images.load(programImage('pause', `${bin}/pause`));
  return {
    name: 'a node of Kubernetes',
    ...cluster,
    atWork: atWorkInCluster,
    // The garbage collector looks for new kinds every 30 s only, and at its start.
    installed: () => node.restart('kube-controller-manager'),
    async stop() {
      await close();
      await node.stop();
    },
  };
}
