/** Where things are mounted in a node's pod. */
export const paths = {
  config: '/etc/guildhall/config',
  msp: '/etc/guildhall/msp',
  tls: '/etc/guildhall/tls',
  keys: '/etc/guildhall/keys',
  builder: '/etc/guildhall/builder',
  contracts: '/etc/guildhall/contracts',
  data: '/var/guildhall/data',
  /** Of peers: where the builder of contracts works. */
  temporary: '/var/guildhall/tmp',
} as const;
