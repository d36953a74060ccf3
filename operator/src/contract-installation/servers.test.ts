import assert from 'node:assert/strict';
import test from 'node:test';
import type { ContractInstallation } from '@guildhall/resources';
import type { Placement } from '../placement.ts';
import { defaultImages } from '../settings.ts';
import { instanceService, instanceStatefulSet } from './instance.ts';
import { serverOf } from './servers.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const settings = { artifactUrl: 'http://store', images: defaultImages };
const made = (code: Pick<ContractInstallation['spec'], 'artifactDigest' | 'image'>, placement?: Placement) => {
  const spec = { contract: { namespace: 'gh-trade', name: 'notary' }, contractDigest: digest, peers: ['peer0'], ...code };
  const installation: ContractInstallation = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'ContractInstallation', metadata: { name: 'notary', namespace: 'gh-trade--acme' }, spec };
  const instance = { installation, name: 'notary-0123456789', labels: {}, server: serverOf(spec, 'notary_1:cd', settings), placement };
  const { metadata, spec: pod } = instanceStatefulSet(instance).spec?.template ?? {};
  const container = pod?.containers?.[0];
  return { pod, container, labels: metadata?.labels, ports: instanceService(instance).spec?.ports?.map(({ port }) => port), value: (name: string) => container?.env?.find((each) => each.name === name)?.value };
};

test('an artifact is run by the runner, which fetches it by its digest', () => {
  const { container, labels, ports, value } = made({ artifactDigest: digest });
  assert.deepEqual(labels, { 'guildhall.dev/loads-code': 'true' });
  assert.equal(container?.image, defaultImages.contractRunner);
  assert.equal(value('GUILDHALL_ARTIFACT_URL'), `http://store/artifacts/sha256/${'ab'.repeat(32)}`);
  assert.deepEqual(ports, [9999, 8080]);
});

test('an instance is placed as the installation says', () => {
  const placement: Placement = { nodeSelector: { pool: 'ledgers' }, priorityClassName: 'ledgers' };
  assert.partialDeepStrictEqual(made({ artifactDigest: digest }, placement).pod, placement);
});

for (const [what, code, folder] of [['Guildhall’s runner', { artifactDigest: digest }, '/var/guildhall/artifacts'], ['an image', { image: `registry.example/notary@${digest}` }, '/tmp']] as const) {
  test(`${what} is reckoned with, is limited in its memory, and writes to one folder only, which is limited too`, () => {
    const { pod, container } = made(code);
    assert.deepEqual([Object.keys(container?.resources?.requests ?? {}), container?.resources?.limits], [['cpu', 'memory'], { memory: '512Mi' }]);
    assert.equal(container?.securityContext?.readOnlyRootFilesystem, true);
    assert.deepEqual(container?.volumeMounts?.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath), [folder]);
    assert.deepEqual(pod?.volumes?.flatMap(({ emptyDir }) => emptyDir ?? []), [{ sizeLimit: '64Mi' }]);
  });
}

test('an image is run as it is, and told where to listen, as whom, and with which key', () => {
  const { container, labels, ports, value } = made({ image: `registry.example/notary@${digest}` });
  assert.deepEqual(labels, {}, 'the way to the control plane stays closed');
  assert.equal(container?.image, `registry.example/notary@${digest}`);
  assert.deepEqual(container?.readinessProbe?.tcpSocket, { port: 9999 });
  assert.deepEqual(ports, [9999]);
  assert.equal(value('CHAINCODE_SERVER_ADDRESS'), '$(POD_IP):9999');
  assert.equal(value('CORE_CHAINCODE_ID_NAME'), 'notary_1:cd');
  const folders = container?.volumeMounts?.map(({ mountPath }) => mountPath) ?? [];
  for (const name of ['CORE_TLS_CLIENT_KEY_FILE', 'CORE_TLS_CLIENT_CERT_FILE', 'CHAINCODE_TLS_KEY', 'CHAINCODE_TLS_CERT']) assert.ok(folders.some((folder) => value(name)?.startsWith(`${folder}/`)), name);
});
