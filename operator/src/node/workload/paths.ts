/** Where things are mounted in a node's pod. */
export const paths = {
  config: '/etc/guildhall/config',
  msp: '/etc/guildhall/msp',
  tls: '/etc/guildhall/tls',
  keys: '/etc/guildhall/keys',
  builder: '/etc/guildhall/builder',
  contracts: '/etc/guildhall/contracts',
  data: '/var/guildhall/data',
} as const;

export const ports = {
  orderer: { grpc: 7050, admin: 9443, operations: 8443 },
  peer: { grpc: 7051, chaincode: 7052, operations: 9443 },
} as const;
