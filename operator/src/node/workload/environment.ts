import { CONTRACTS_DIR_VARIABLE, externalBuilders, LEDGER_PROFILES, type ProfileName } from '@guildhall/fabric';
import type { EnvVar } from '@guildhall/kubernetes';
import { ports } from '@guildhall/resources';
import type { NodeRole } from '../node-role.ts';
import { paths } from './paths.ts';

/** What a node's settings are made from. */
export interface NodeSettings {
  role: NodeRole;
  /** `member/node`: its name in logs and gossip. */
  id: string;
  mspId: string;
  /** Where others reach it: an IP address or a host name. */
  host: string;
  /** Decides on timers and limits. */
  profile: ProfileName;
  /** gRPC address of another peer of the same member, where there is one: gossip starts from it. */
  gossipBootstrap?: string;
}

const tls = { certificate: `${paths.tls}/tls.pem`, key: `${paths.keys}/tls.key`, root: `${paths.tls}/root.pem` };

/** POD_IP first: the others refer to it, and Kubernetes expands only what stands before. */
export function environment(settings: NodeSettings): EnvVar[] {
  const values = settings.role === 'orderer' ? ordererValues(settings) : peerValues(settings);
  const timers = LEDGER_PROFILES[settings.profile].nodes[settings.role];
  const merged = { FABRIC_CFG_PATH: paths.config, FABRIC_LOGGING_SPEC: 'info', FABRIC_LOGGING_FORMAT: 'json', ...values, ...timers };
  return [
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ...Object.entries(merged)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
  ];
}

const ordererValues = ({ mspId }: NodeSettings): Record<string, string> => ({
  ORDERER_GENERAL_LISTENADDRESS: '$(POD_IP)',
  ORDERER_GENERAL_LISTENPORT: String(ports.orderer.grpc),
  ORDERER_GENERAL_LOCALMSPID: mspId,
  ORDERER_GENERAL_LOCALMSPDIR: paths.msp,
  ORDERER_GENERAL_TLS_CERTIFICATE: tls.certificate,
  ORDERER_GENERAL_TLS_PRIVATEKEY: tls.key,
  ORDERER_GENERAL_TLS_ROOTCAS: `[${tls.root}]`,
  ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: tls.certificate,
  ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: tls.key,
  ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${tls.root}]`,
  ORDERER_FILELEDGER_LOCATION: `${paths.data}/ledger`,
  ORDERER_CONSENSUS_WALDIR: `${paths.data}/etcdraft/wal`,
  ORDERER_CONSENSUS_SNAPDIR: `${paths.data}/etcdraft/snapshot`,
  ORDERER_ADMIN_LISTENADDRESS: `$(POD_IP):${ports.orderer.admin}`,
  ORDERER_ADMIN_TLS_CERTIFICATE: tls.certificate,
  ORDERER_ADMIN_TLS_PRIVATEKEY: tls.key,
  // The endpoint checks the chain only, so the CA of the nodes' TLS certificates must not open it.
  ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${paths.tls}/admin-root.pem]`,
  ORDERER_OPERATIONS_LISTENADDRESS: `$(POD_IP):${ports.orderer.operations}`,
});

function peerValues({ id, mspId, host, gossipBootstrap }: NodeSettings): Record<string, string> {
  const address = `${host}:${ports.peer.grpc}`;
  return {
    CORE_PEER_ID: id,
    CORE_PEER_LOCALMSPID: mspId,
    CORE_PEER_MSPCONFIGPATH: paths.msp,
    CORE_PEER_ADDRESS: address,
    CORE_PEER_LISTENADDRESS: `$(POD_IP):${ports.peer.grpc}`,
    CORE_PEER_CHAINCODELISTENADDRESS: `$(POD_IP):${ports.peer.chaincode}`,
    CORE_PEER_GOSSIP_BOOTSTRAP: gossipBootstrap ?? address,
    CORE_PEER_GOSSIP_EXTERNALENDPOINT: address,
    CORE_PEER_TLS_CERT_FILE: tls.certificate,
    CORE_PEER_TLS_KEY_FILE: tls.key,
    CORE_PEER_TLS_ROOTCERT_FILE: tls.root,
    CORE_PEER_FILESYSTEMPATH: paths.data,
    CORE_LEDGER_SNAPSHOTS_ROOTDIR: `${paths.data}/snapshots`,
    CORE_OPERATIONS_LISTENADDRESS: `$(POD_IP):${ports.peer.operations}`,
    CORE_CHAINCODE_EXTERNALBUILDERS: externalBuilders(paths.builder),
    [CONTRACTS_DIR_VARIABLE]: paths.contracts,
    // The builder's folder for each package that is installed (core/container/externalbuilder/externalbuilder.go).
    TMPDIR: paths.temporary,
  };
}
