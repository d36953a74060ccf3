import { createApi, type Api } from '../../e2e/support/api.ts';
import type { Cluster } from '../../support/kubernetes/cluster.ts';
import { forward } from './forward.ts';
import { adminToken, namespace } from './installation.ts';

export interface Reached {
  api: Api;
  /** `http://…` */
  url: string;
  /** The administrator's. */
  token: string;
  /** Ends the way there. */
  stop(): void;
}

/** The API of what is installed, as its administrator has it. The way there ends with the pod that it leads to. */
export async function reachApi(cluster: Cluster): Promise<Reached> {
  const { url, stop } = await forward(cluster, namespace, 'guildhall-control-plane', 4000);
  const token = adminToken(cluster);
  return { api: createApi(url, token), url, token, stop };
}
