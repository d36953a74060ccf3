import { NODE_OUS_YAML } from '@guildhall/fabric';
import type { Member } from '@guildhall/resources';
import type { NodeRole } from '../node-role.ts';

export type Authority = NonNullable<NonNullable<Member['status']>['certificateAuthority']>;

/** What a node's MSP and TLS folders are made of, but for the key. */
export function certificateFiles(authority: Authority, leaf: { identity: string; tls: string }): Record<string, string> {
  return {
    'identity.pem': leaf.identity,
    // Clients hold the roots only, so the server sends what is between.
    'tls.pem': leaf.tls + authority.tls.issuing,
    'signing-root.pem': authority.signing.root,
    'signing-issuing.pem': authority.signing.issuing,
    'tls-root.pem': authority.tls.root,
    'tls-issuing.pem': authority.tls.issuing,
    'admin-root.pem': authority.adminEndpoint.root,
    'msp-config.yaml': NODE_OUS_YAML,
  };
}

/**
 * Which of them go where in the MSP folder. The identity's key is there a second time, beside the node's own Secret of keys, because
 * Fabric reads it from within this folder only, and a folder is mounted from one Secret.
 */
export const mspItems = [
  { key: 'identity.pem', path: 'signcerts/identity.pem' },
  { key: 'identity.key', path: 'keystore/identity.key', mode: 0o440 },
  { key: 'signing-root.pem', path: 'cacerts/root.pem' },
  { key: 'signing-issuing.pem', path: 'intermediatecerts/issuing.pem' },
  { key: 'tls-root.pem', path: 'tlscacerts/root.pem' },
  { key: 'tls-issuing.pem', path: 'tlsintermediatecerts/issuing.pem' },
  { key: 'msp-config.yaml', path: 'config.yaml' },
];

export const tlsItems = (role: NodeRole): { key: string; path: string }[] => [
  { key: 'tls.pem', path: 'tls.pem' },
  { key: 'tls-root.pem', path: 'root.pem' },
  ...(role === 'orderer' ? [{ key: 'admin-root.pem', path: 'admin-root.pem' }] : []),
];
