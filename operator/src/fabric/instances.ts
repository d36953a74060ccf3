import type { InstancePort } from '../ports/fabric.ts';

/** A contract runner's own health: it tells which code it has loaded, for which package. */
export const inspectInstance: InstancePort['inspect'] = async (healthUrl, expected, { timeoutMs, signal }) => {
  const ill = (why: string): { healthy: boolean; why: string } => ({ healthy: false, why });
  try {
    const answer = await fetch(healthUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), redirect: 'error' });
    const body: unknown = await answer.json();
    if (answer.status !== 200) return ill(`it answers with status ${answer.status}`);
    const told = typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)) : new Map<string, unknown>();
    if (told.get('artifactDigest') !== expected.artifactDigest) return ill(`it runs the code ${String(told.get('artifactDigest'))} instead of ${expected.artifactDigest}`);
    if (told.get('packageId') !== expected.packageId) return ill(`it serves the package ${String(told.get('packageId'))} instead of ${expected.packageId}`);
    return { healthy: true, why: '' };
  } catch (error) {
    return ill(error instanceof Error && error.name === 'TimeoutError' ? `it does not answer within ${timeoutMs} ms` : 'it does not listen yet');
  }
};
