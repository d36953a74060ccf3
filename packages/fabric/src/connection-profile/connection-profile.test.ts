import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { parse } from 'yaml';
import { connectionFiles, type ConnectedMember, type Connection } from './index.ts';

const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(name).toString('base64')}\n-----END CERTIFICATE-----\n`;
const member = (name: string, more: Partial<ConnectedMember> = {}): ConnectedMember => ({
  name,
  mspId: `${name}MSP`,
  tlsRoot: pem(name),
  endorsing: true,
  peers: [{ name: 'peer0', address: `${name}:7051`, hostName: `peer0.${name}.svc` }],
  orderers: [],
  ...more,
});
const acme = member('acme', { orderers: [{ name: 'orderer0', address: 'acme:7050', hostName: undefined }] });
const connection: Connection = { consortium: 'trade', channel: 'notes', client: acme, members: [acme, member('watcher', { endorsing: false }), member('clerk', { peers: [] })] };

test('a profile names the client, every peer and orderer with its root, and what the channel takes each peer for', () => {
  const profile = JSON.parse(connectionFiles(connection).json) as unknown;
  assert.deepEqual(profile, {
    name: 'trade-acme',
    version: '1.0.0',
    client: { organization: 'acme', connection: { timeout: { peer: { endorser: '60' }, orderer: '60' } } },
    organizations: {
      acme: { mspid: 'acmeMSP', peers: ['peer0.acme'], certificateAuthorities: [] },
      watcher: { mspid: 'watcherMSP', peers: ['peer0.watcher'], certificateAuthorities: [] },
      clerk: { mspid: 'clerkMSP', peers: [], certificateAuthorities: [] },
    },
    peers: {
      'peer0.acme': { url: 'grpcs://acme:7051', tlsCACerts: { pem: pem('acme') }, grpcOptions: { 'ssl-target-name-override': 'peer0.acme.svc', hostnameOverride: 'peer0.acme.svc' } },
      'peer0.watcher': { url: 'grpcs://watcher:7051', tlsCACerts: { pem: pem('watcher') }, grpcOptions: { 'ssl-target-name-override': 'peer0.watcher.svc', hostnameOverride: 'peer0.watcher.svc' } },
    },
    orderers: { 'orderer0.acme': { mspid: 'acmeMSP', url: 'grpcs://acme:7050', tlsCACerts: { pem: pem('acme') } } },
    channels: {
      notes: {
        orderers: ['orderer0.acme'],
        peers: {
          'peer0.acme': { endorsingPeer: true, chaincodeQuery: true, ledgerQuery: true, eventSource: true },
          'peer0.watcher': { endorsingPeer: false, chaincodeQuery: false, ledgerQuery: false, eventSource: false },
        },
      },
    },
  });
});

test('both spellings of a profile say the same, and all of it is among the files', () => {
  const { json, yaml, environment, files } = connectionFiles(connection);
  assert.deepEqual(parse(yaml), JSON.parse(json));
  assert.deepEqual(Object.keys(files), ['connection-profile.json', 'connection-profile.yaml', 'peer.env', 'tls/acme.pem', 'tls/watcher.pem', 'tls/clerk.pem']);
  assert.deepEqual([files['connection-profile.json'], files['connection-profile.yaml'], files['peer.env']], [json, yaml, environment]);
});

/** What a shell has in a variable after it has read the text. */
const variable = (text: string, name: string): string => execFileSync('sh', ['-c', `eval "$1"; printf %s "$${name}"`, 'sh', text], { cwd: '/', encoding: 'utf8' });

test('a shell that reads the environment of peer has its variables, and no value of them is a command', () => {
  const { environment } = connectionFiles(connection);
  const expected: Record<string, string> = {
    CORE_PEER_LOCALMSPID: 'acmeMSP',
    CORE_PEER_ADDRESS: 'acme:7051',
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_ROOTCERT_FILE: '//tls/acme.pem',
    CORE_PEER_MSPCONFIGPATH: '//msp',
    ORDERER_ADDRESS: 'acme:7050',
    ORDERER_CA: '//tls/acme.pem',
    ENDORSERS: '--peerAddresses acme:7051 --tlsRootCertFiles tls/acme.pem',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(variable(environment, name), value, name);
  const hostile = `x'; echo $(id) "\`id\``;
  const client = member('acme', { peers: [{ name: 'peer0', address: hostile, hostName: undefined }] });
  assert.equal(variable(connectionFiles({ ...connection, client }).environment, 'CORE_PEER_ADDRESS'), hostile);
});
