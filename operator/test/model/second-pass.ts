import type { KubernetesClient } from '@guildhall/kubernetes';
import { kinds } from '@guildhall/resources';

/** Touches every object, so that each of them is reconciled once more. */
export async function touchAll(client: KubernetesClient): Promise<void> {
  for (const { type } of kinds.slice(0, 7)) {
    const { items } = await client.list(type);
    await Promise.all(items.map(({ metadata }) => client.mergePatch(type, metadata, { metadata: { annotations: { 'example.com/touched': 'again' } } })));
  }
}
