import { codeDigest, labels, type ContractCode } from '@guildhall/resources';
import type { OperatorSettings } from '../settings.ts';
import { imageResources, runnerResources } from '../workload/usual-resources.ts';
import { given, instancePorts, type InstanceServer } from './instance.ts';

const artifactCache = '/var/guildhall/artifacts';

/** What serves this code. `packageId`: under which name it makes itself known to peers. */
export const serverOf = (code: ContractCode, packageId: string, settings: OperatorSettings): InstanceServer =>
  code.image === undefined ? runner(codeDigest(code), packageId, settings) : ownImage(code.image, packageId);

const runner = (digest: string, packageId: string, { images, artifactUrl }: OperatorSettings): InstanceServer => ({
  image: images.contractRunner,
  labels: { [labels.loadsCode]: 'true' },
  variables: {
    GUILDHALL_ARTIFACT_DIGEST: digest,
    GUILDHALL_ARTIFACT_URL: `${artifactUrl}/artifacts/${digest.replace(':', '/')}`,
    GUILDHALL_ARTIFACT_CACHE: artifactCache,
    GUILDHALL_PACKAGE_ID: packageId,
    GUILDHALL_CONTRACT_ADDRESS: given.address,
    GUILDHALL_HEALTH_ADDRESS: `$(POD_IP):${instancePorts.health}`,
    GUILDHALL_CONTRACT_TLS_KEY_FILE: given.key,
    GUILDHALL_CONTRACT_TLS_CERT_FILE: given.certificate,
  },
  ports: { health: instancePorts.health },
  health: { httpGet: { path: '/healthz', port: instancePorts.health } },
  scratch: { name: 'artifacts', mountPath: artifactCache, volume: { sizeLimit: '64Mi' } },
  resources: runnerResources,
});

/** Nobody knows what is in it: it gets what a contract needs, and no more. */
const ownImage = (image: string, packageId: string): InstanceServer => ({
  image,
  labels: {},
  variables: {
    CHAINCODE_SERVER_ADDRESS: given.address,
    // As the contract API for Go reads them (contractapi/contract_chaincode.go), and that for Java.
    CORE_CHAINCODE_ID_NAME: packageId,
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_TLS_CLIENT_KEY_FILE: given.key,
    CORE_TLS_CLIENT_CERT_FILE: given.certificate,
    // As Fabric's samples of contracts that run as a service do, over the shim alone.
    CHAINCODE_ID: packageId,
    CHAINCODE_TLS_DISABLED: 'false',
    CHAINCODE_TLS_KEY: given.key,
    CHAINCODE_TLS_CERT: given.certificate,
  },
  ports: {},
  health: { tcpSocket: { port: instancePorts.grpc } },
  scratch: { name: 'tmp', mountPath: '/tmp', volume: { sizeLimit: '64Mi' } },
  resources: imageResources,
});
