import { clusterSettings, processSettings, readSettings, setting } from '@guildhall/process';
import { defaultImages, type OperatorSettings } from './settings.ts';

const shape = {
  ...processSettings,
  ...clusterSettings,
  GUILDHALL_ARTIFACT_URL: setting.url,
  /** Where the lease of the one operator that works is kept. */
  GUILDHALL_LEASE_NAMESPACE: setting.namespace.default('guildhall'),
  GUILDHALL_PEER_IMAGE: setting.image.default(defaultImages.peer['3.1'] ?? ''),
  GUILDHALL_ORDERER_IMAGE: setting.image.default(defaultImages.orderer['3.1'] ?? ''),
  GUILDHALL_CONTRACT_RUNNER_IMAGE: setting.image.default(defaultImages.contractRunner),
};

export const readOperatorSettings = (environment: Readonly<Record<string, string | undefined>>) => readSettings(shape, environment);

export const operatorSettings = (settings: ReturnType<typeof readOperatorSettings>): OperatorSettings => ({
  artifactUrl: settings.GUILDHALL_ARTIFACT_URL,
  images: {
    peer: { '3.1': settings.GUILDHALL_PEER_IMAGE },
    orderer: { '3.1': settings.GUILDHALL_ORDERER_IMAGE },
    contractRunner: settings.GUILDHALL_CONTRACT_RUNNER_IMAGE,
  },
});
