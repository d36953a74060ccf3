/** What the addresses of screens are made of. */
export interface Shown {
  consortium: string;
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
  { name: 'not-found', path: () => '/nowhere' },
];
