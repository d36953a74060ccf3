import { NODE_OUS_YAML } from '@guildhall/fabric';
import type { Member } from '@guildhall/resources';
import type { NodeRole } from '../node-role.ts';

export type Authority = NonNullable<NonNullable<Member['status']>['certificateAuthority']>;

/**
 * The content of a node's certificates Secret: what its MSP and TLS folders are made of. The identity's key is there a second
 * time because Fabric reads it from within the MSP folder only, and a folder is mounted from one Secret.
 */
export function certificateFiles(authority: Authority, leaf: { identity: string; identityKey: string; tls: string }): Record<string, string> {
  return {
    'identity.pem': leaf.identity,
    'identity.key': leaf.identityKey,
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

/** Which of them go where in the MSP folder. */
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
