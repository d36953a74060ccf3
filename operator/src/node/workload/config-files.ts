import type { NodeRole } from '../node-role.ts';

/**
 * Fabric reads a file and lets environment variables override it, for the orderer only where the file has the key. So the file
 * has every key that node settings use, and values that hold a path or an address come by environment. JSON is YAML too.
 */
const bccsp = { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } };

const ordererConfig = {
  General: {
    ListenAddress: '',
    ListenPort: 7050,
    TLS: { Enabled: true, PrivateKey: '', Certificate: '', RootCAs: [], ClientAuthRequired: false, ClientRootCAs: [] },
    Keepalive: { ServerMinInterval: '60s', ServerInterval: '7200s', ServerTimeout: '20s' },
    Backoff: { BaseDelay: '1s', Multiplier: 1.6, MaxDelay: '2m' },
    MaxRecvMsgSize: 104_857_600,
    MaxSendMsgSize: 104_857_600,
    Throttling: { Rate: 0, InactivityTimeout: '5s' },
    Cluster: { SendBufferSize: 100, ClientCertificate: '', ClientPrivateKey: '', RootCAs: [], DialTimeout: '5s', RPCTimeout: '7s' },
    BootstrapMethod: 'none',
    LocalMSPDir: '',
    LocalMSPID: '',
    BCCSP: bccsp,
    Authentication: { TimeWindow: '15m' },
  },
  FileLedger: { Location: '' },
  Operations: { ListenAddress: '', TLS: { Enabled: false } },
  Metrics: { Provider: 'prometheus' },
  Admin: {
    ListenAddress: '',
    TLS: { Enabled: true, Certificate: '', PrivateKey: '', RootCAs: [], ClientAuthRequired: true, ClientRootCAs: [] },
  },
  ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
  Consensus: { WALDir: '', SnapDir: '' },
};

const named = (name: string): { name: string } => ({ name });

const peerConfig = {
  peer: {
    networkId: 'guildhall',
    gateway: { enabled: true, endorsementTimeout: '30s', broadcastTimeout: '30s', dialTimeout: '2m' },
    keepalive: {
      interval: '7200s',
      timeout: '20s',
      minInterval: '60s',
      client: { interval: '60s', timeout: '20s' },
      deliveryClient: { interval: '60s', timeout: '20s' },
    },
    gossip: {
      useLeaderElection: false,
      orgLeader: true,
      pvtData: {
        pullRetryThreshold: '60s',
        transientstoreMaxBlockRetention: 20_000,
        pushAckTimeout: '3s',
        btlPullMargin: 10,
        reconcileBatchSize: 10,
        reconcileSleepInterval: '1m',
        reconciliationEnabled: true,
        skipPullingInvalidTransactionsDuringCommit: false,
        implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
      },
      state: { enabled: false, checkInterval: '10s', responseTimeout: '3s', batchSize: 10, blockBufferSize: 20, maxRetries: 3 },
    },
    tls: { enabled: true, clientAuthRequired: false },
    authentication: { timewindow: '15m' },
    BCCSP: bccsp,
    client: { connTimeout: '3s' },
    deliveryclient: {
      blockGossipEnabled: false,
      reconnectTotalTimeThreshold: '3600s',
      connTimeout: '3s',
      reConnectBackoffThreshold: '3600s',
      policy: 'cluster',
    },
    handlers: {
      authFilters: ['DefaultAuth', 'ExpirationCheck', 'TimeWindowCheck'].map(named),
      decorators: [named('DefaultDecorator')],
      endorsers: { escc: named('DefaultEndorsement') },
      validators: { vscc: named('DefaultValidation') },
    },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75, orgMembersAllowedAccess: false },
    limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    maxRecvMsgSize: 104_857_600,
    maxSendMsgSize: 104_857_600,
  },
  // An endpoint would be pinged for health; contracts never run in Docker here.
  vm: { endpoint: '' },
  chaincode: {
    installTimeout: '300s',
    startuptimeout: '300s',
    executetimeout: '30s',
    mode: 'net',
    keepalive: 0,
    logging: { level: 'info', shim: 'warning' },
    system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
    runtimeParams: { useWriteBatch: true, maxSizeWriteBatch: 1000, useGetMultipleKeys: true, maxSizeGetMultipleKeys: 1000 },
  },
  ledger: {
    state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
    history: { enableHistoryDatabase: true },
    pvtdataStore: {
      collElgProcMaxDbBatchSize: 5000,
      collElgProcDbBatchesInterval: 1000,
      deprioritizedDataReconcilerInterval: '60m',
      purgeInterval: 100,
      purgedKeyAuditLogging: true,
    },
  },
  metrics: { provider: 'prometheus' },
};

export const configFile = (role: NodeRole): { name: string; text: string } =>
  role === 'orderer'
    ? { name: 'orderer.yaml', text: `${JSON.stringify(ordererConfig, undefined, 1)}\n` }
    : { name: 'core.yaml', text: `${JSON.stringify(peerConfig, undefined, 1)}\n` };
