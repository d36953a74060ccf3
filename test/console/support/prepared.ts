import type { Guildhall, Home, StartOptions } from '../../e2e/support/guildhall.ts';
import { until } from '../../e2e/support/until.ts';

interface Preparation {
  platform: { preparation: { title: string; state: string }[] };
}

/** Guildhall with its console built: what a page shows before that is no part of the stories. */
export async function startPrepared(home: Home, options?: StartOptions): Promise<Guildhall> {
  const guildhall = await home.start(options);
  await until('everything is prepared', async () => {
    const { platform } = await guildhall.api.request<Preparation>('{ platform { preparation { title state } } }');
    if (platform.preparation.every(({ state }) => state === 'succeeded')) return true;
    throw new Error(JSON.stringify(platform.preparation));
  }, 180_000);
  return guildhall;
}
