import { isNotFound, keyOf, ownedBy, type Applied, type Clock, type KubernetesClient } from '@guildhall/kubernetes';
import { specDigest, type Node } from '@guildhall/resources';
import { tlsRoutes, type TlsRoute } from './route.ts';

/** Routes are written and not watched: where the cluster has no Gateway API there is nothing to watch, and the operator would wait for it for ever. */
export interface Routes {
  ensure(node: Node, route: Applied<TlsRoute>, version: string): Promise<void>;
  /** Why the node has no route. */
  faultOf(node: Node): string | undefined;
  forget(node: Node): void;
}

/** A route that somebody changes is put right so late. */
const memoryMs = 300_000;
/** And one that could not be made is made so late. */
const retryMs = 15_000;

export function createRoutes(client: KubernetesClient, clock: Clock): Routes {
  const known = new Map<string, { digest: string; until: number; fault?: string }>();
  return {
    async ensure(node, route, version) {
      const [key, digest] = [keyOf(node.metadata), specDigest(route)];
      const last = known.get(key);
      if (last?.digest === digest && clock.monotonic() < last.until) return;
      try {
        await client.apply(tlsRoutes(version), ownedBy(node, route), { force: true });
        known.set(key, { digest, until: clock.monotonic() + memoryMs });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const fault = `The cluster does not know TLSRoute (gateway.networking.k8s.io/${version}): install the Gateway API with it.`;
        known.set(key, { digest, until: clock.monotonic() + retryMs, fault });
      }
    },
    faultOf: (node) => known.get(keyOf(node.metadata))?.fault,
    forget: (node) => void known.delete(keyOf(node.metadata)),
  };
}
