import { ledgerVersion } from '../consortia/consortium-resources.ts';
import type { Platform } from './platform.ts';

/** Nothing has to be prepared there: nodes run from images, and one that cannot be had is told of in the Node's condition. */
export const kubernetesPlatform = (version: string, startedAt: Date): Platform => ({
  version,
  startedAt,
  cluster: 'kubernetes',
  fabricVersion: () => ledgerVersion,
  preparation: () => [],
  onChange: () => () => undefined,
});
