import type api from './en/api.json';
import type applications from './en/applications.json';
import type audit from './en/audit.json';
import type common from './en/common.json';
import type consortium from './en/consortium.json';
import type create from './en/create.json';
import type home from './en/home.json';
import type ledger from './en/ledger.json';
import type operations from './en/operations.json';
import type session from './en/session.json';
import type settings from './en/settings.json';

// A key that is used and does not exist is an error of types.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      api: typeof api;
      applications: typeof applications;
      audit: typeof audit;
      common: typeof common;
      consortium: typeof consortium;
      create: typeof create;
      home: typeof home;
      ledger: typeof ledger;
      operations: typeof operations;
      session: typeof session;
      settings: typeof settings;
    };
  }
}
