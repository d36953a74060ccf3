import { clusterSettings, processSettings, readSettings, setting } from '@guildhall/process';
import { z } from 'zod';
import { placement } from './placement.ts';
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
  GUILDHALL_PLACEMENT: placement.optional(),
  GUILDHALL_EXPOSURE_DOMAIN: setting.domain.optional(),
  GUILDHALL_GATEWAY: setting.objectName.optional(),
  GUILDHALL_GATEWAY_LISTENER: z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'is no name of a listener').optional(),
  GUILDHALL_GATEWAY_PORT: setting.port.default(443),
  GUILDHALL_TLS_ROUTE_VERSION: z.enum(['v1', 'v1alpha3', 'v1alpha2'], 'is no version of TLSRoute: give v1, v1alpha3 or v1alpha2').default('v1'),
};

export const readOperatorSettings = (environment: Readonly<Record<string, string | undefined>>) => readSettings(shape, environment);

export const operatorSettings = (settings: ReturnType<typeof readOperatorSettings>): OperatorSettings => ({
  artifactUrl: settings.GUILDHALL_ARTIFACT_URL,
  images: {
    peer: { '3.1': settings.GUILDHALL_PEER_IMAGE },
    orderer: { '3.1': settings.GUILDHALL_ORDERER_IMAGE },
    contractRunner: settings.GUILDHALL_CONTRACT_RUNNER_IMAGE,
  },
  ...(settings.GUILDHALL_PLACEMENT === undefined ? {} : { placement: settings.GUILDHALL_PLACEMENT }),
  ...(settings.GUILDHALL_EXPOSURE_DOMAIN === undefined ? {} : { exposure: { domain: settings.GUILDHALL_EXPOSURE_DOMAIN, ...gatewayOf(settings) } }),
});

const gatewayOf = ({ GUILDHALL_GATEWAY: gateway, GUILDHALL_GATEWAY_LISTENER: listener, GUILDHALL_GATEWAY_PORT: port, GUILDHALL_TLS_ROUTE_VERSION: version }: ReturnType<typeof readOperatorSettings>) =>
  gateway === undefined ? {} : { gateway: { ...gateway, ...(listener === undefined ? {} : { listener }), port, version } };
