import type { InstanceInspection, InstancePort } from '../ports/fabric.ts';

/** What answers there runs a contract's code: it is not trusted to be brief. */
const maximumAnswer = 64 * 1024;

const ill = (why: string, silent = false): InstanceInspection => ({ healthy: false, why, silent });

/** A contract runner's own health: it tells which code it has loaded, for which package. */
export const inspectInstance: InstancePort['inspect'] = async (healthUrl, expected, { timeoutMs, signal }) => {
  try {
    const answer = await fetch(healthUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), redirect: 'error' });
    const text = await readAtMost(answer, maximumAnswer);
    if (answer.status !== 200) return ill(`it answers with status ${answer.status}`);
    const told = text === undefined ? undefined : fieldsOf(text);
    if (told === undefined) return ill('it answers with what is not the health of a contract runner');
    if (told.get('artifactDigest') !== expected.artifactDigest) return ill(`it runs the code ${String(told.get('artifactDigest'))} instead of ${expected.artifactDigest}`);
    if (told.get('packageId') !== expected.packageId) return ill(`it serves the package ${String(told.get('packageId'))} instead of ${expected.packageId}`);
    return { healthy: true, why: '', silent: false };
  } catch (error) {
    if (signal.aborted) throw error;
    return error instanceof Error && error.name === 'TimeoutError' ? ill(`it does not answer within ${timeoutMs} ms`, true) : ill('it does not listen yet');
  }
};

/** The text of an answer; undefined, and the rest not read, when it is longer. */
async function readAtMost(answer: Response, limit: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the connection.
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > limit) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function fieldsOf(text: string): Map<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? new Map(Object.entries(body)) : undefined;
  } catch {
    return undefined;
  }
}
