/** What the addresses of screens are made of. */
export interface Shown {
  consortium: string;
  member: string;
  node: string;
  channel: string;
  contract: string;
  transaction: string;
  operation: string;
}

export interface Screen {
  /** Of its pictures' files. */
  name: string;
  path: (shown: Shown) => string;
  /** Before signing in. */
  isPublic?: boolean;
}

const ofConsortium = (rest: string) => ({ consortium }: Shown): string => `/consortia/${consortium}${rest}`;

/** Every screen of the console. A new one is added here. */
export const screens: readonly Screen[] = [
  { name: 'sign-in', path: () => '/', isPublic: true },
  { name: 'home', path: () => '/' },
  { name: 'operations', path: () => '/operations' },
  { name: 'operation', path: ({ operation }) => `/operations/${operation}` },
  { name: 'create-express-1-start', path: () => '/create' },
  { name: 'create-express-2-members', path: () => '/create?screen=members' },
  { name: 'create-express-3-plan', path: () => '/create?screen=plan' },
  { name: 'create-full-1-name', path: () => '/create?path=full&screen=name' },
  { name: 'create-full-2-members', path: () => '/create?path=full&screen=members' },
  { name: 'create-full-3-ordering', path: () => '/create?path=full&screen=ordering' },
  { name: 'create-full-4-channels', path: () => '/create?path=full&screen=channels' },
  { name: 'create-full-5-contracts', path: () => '/create?path=full&screen=contracts' },
  { name: 'overview', path: ofConsortium('') },
  { name: 'topology', path: ofConsortium('/topology') },
  { name: 'topology-table', path: ofConsortium('/topology?view=table') },
  { name: 'nodes', path: ofConsortium('/nodes') },
  { name: 'node', path: ({ consortium, member, node }) => `/consortia/${consortium}/nodes/${member}/${node}` },
  { name: 'add-node', path: ofConsortium('/add-node') },
  { name: 'channels', path: ofConsortium('/channels') },
  { name: 'channel', path: ({ consortium, channel }) => `/consortia/${consortium}/channels/${channel}` },
  { name: 'certificates', path: ofConsortium('/certificates') },
  { name: 'contracts', path: ofConsortium('/contracts') },
  { name: 'contract', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}` },
  { name: 'contract-call', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/call` },
  { name: 'contract-upgrade', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/upgrade` },
  { name: 'contract-deploy', path: ofConsortium('/contracts/deploy') },
  { name: 'templates', path: () => '/templates' },
  { name: 'source', path: () => '/templates/source' },
  { name: 'ledger', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}` },
  { name: 'block', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/blocks/0` },
  { name: 'transactions', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/transactions` },
  { name: 'transaction', path: ({ consortium, channel, transaction }) => `/consortia/${consortium}/ledger/${channel}/transactions/${transaction}` },
  { name: 'keys', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/keys` },
  { name: 'applications', path: ofConsortium('/applications') },
  { name: 'audit', path: () => '/audit' },
  { name: 'api', path: () => '/api' },
  { name: 'settings', path: () => '/settings' },
  { name: 'not-found', path: () => '/nowhere' },
];
