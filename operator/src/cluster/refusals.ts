import type { KubernetesClient, KubernetesObject } from '@guildhall/kubernetes';
import { annotations, certificateRequest, type CertificateRequest } from '@guildhall/resources';
import { stallOf } from '../outcome.ts';

/** Goes onto a request, so that it can be told which asking it was. */
export function askingOf(asker: KubernetesObject): { annotations?: Record<string, string> } {
  const mark = asker.metadata.annotations?.[annotations.retry];
  return mark === undefined ? {} : { annotations: { [annotations.retry]: mark } };
}

/** A refusal stands until a person asks once more, for whom the request was made. */
export const isAskedAgain = (refused: KubernetesObject, asker: KubernetesObject): boolean =>
  refused.metadata.annotations?.[annotations.retry] !== asker.metadata.annotations?.[annotations.retry];

/** Removes the requests whose refusal does not stand any more: they are made again when they have gone. Whether there were any. */
export async function discardRefused(client: Pick<KubernetesClient, 'delete'>, requests: readonly (CertificateRequest | undefined)[], asker: KubernetesObject): Promise<boolean> {
  const refused = requests.flatMap((request) => (request !== undefined && stallOf(request) !== undefined && isAskedAgain(request, asker) ? [request] : []));
  await Promise.all(refused.map(({ metadata }) => client.delete(certificateRequest.type, metadata, { uid: metadata.uid })));
  return refused.length > 0;
}
