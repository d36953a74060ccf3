import type call from './en/call.json';
import type common from './en/common.json';
import type consortium from './en/consortium.json';
import type contracts from './en/contracts.json';
import type create from './en/create.json';
import type deploy from './en/deploy.json';
import type home from './en/home.json';
import type operations from './en/operations.json';
import type session from './en/session.json';
import type source from './en/source.json';

// A key that is used and does not exist is an error of types.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: { call: typeof call; common: typeof common; consortium: typeof consortium; contracts: typeof contracts; create: typeof create; deploy: typeof deploy; home: typeof home; operations: typeof operations; session: typeof session; source: typeof source };
  }
}
