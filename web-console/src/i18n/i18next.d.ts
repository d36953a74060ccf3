import type activity from './en/activity.json';
import type api from './en/api.json';
import type applications from './en/applications.json';
import type audit from './en/audit.json';
import type call from './en/call.json';
import type certificates from './en/certificates.json';
import type channels from './en/channels.json';
import type common from './en/common.json';
import type consortium from './en/consortium.json';
import type contracts from './en/contracts.json';
import type create from './en/create.json';
import type deploy from './en/deploy.json';
import type home from './en/home.json';
import type ledger from './en/ledger.json';
import type nodes from './en/nodes.json';
import type operations from './en/operations.json';
import type session from './en/session.json';
import type settings from './en/settings.json';
import type source from './en/source.json';
import type topology from './en/topology.json';

// A key that is used and does not exist is an error of types.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      activity: typeof activity;
      api: typeof api;
      applications: typeof applications;
      audit: typeof audit;
      call: typeof call;
      certificates: typeof certificates;
      channels: typeof channels;
      common: typeof common;
      consortium: typeof consortium;
      contracts: typeof contracts;
      create: typeof create;
      deploy: typeof deploy;
      home: typeof home;
      ledger: typeof ledger;
      nodes: typeof nodes;
      operations: typeof operations;
      session: typeof session;
      settings: typeof settings;
      source: typeof source;
      topology: typeof topology;
    };
  }
}
