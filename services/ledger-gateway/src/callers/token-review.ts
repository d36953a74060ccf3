import { tokenReviews, TransportError, type KubernetesClient } from '@guildhall/kubernetes';
import type { TokenJudge } from './admission.ts';

/** A caller waits for it with each new token. */
const TIMEOUT_MS = 5_000;

/** The API server knows which tokens it gave out, for whom, and whether the account and the pod that they belong to are still there. */
export const createTokenReviewer =
  (client: Pick<KubernetesClient, 'withSignal'>, audience: string): TokenJudge =>
  async (token) => {
    const { status } = await client.withSignal(AbortSignal.timeout(TIMEOUT_MS)).create(tokenReviews, { metadata: { name: 'caller' }, spec: { token, audiences: [audience] } });
    if (status?.authenticated !== true) return { authenticated: false };
    const user = status.user?.username;
    if (user === undefined) throw new TransportError('BadResponse', 'create TokenReview: the answer names no user');
    return { authenticated: true, user, audiences: status.audiences ?? [] };
  };
