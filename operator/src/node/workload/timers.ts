import type { Consortium } from '@guildhall/resources';
import type { NodeRole } from '../node-role.ts';

// Replaced by packages/fabric/profile as soon as it is there.
const fast: Readonly<Record<NodeRole, Readonly<Record<string, string>>>> = {
  orderer: { ORDERER_GENERAL_CLUSTER_RPCTIMEOUT: '1s', ORDERER_GENERAL_BACKOFF_MAXDELAY: '1s' },
  peer: {
    CORE_PEER_GOSSIP_RECONNECTINTERVAL: '1s',
    CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL: '500ms',
    CORE_PEER_GOSSIP_REQUESTSTATEINFOINTERVAL: '500ms',
    CORE_PEER_GOSSIP_ALIVETIMEINTERVAL: '1s',
    CORE_PEER_GOSSIP_MAXPROPAGATIONBURSTLATENCY: '100ms',
  },
};

export const nodeTimers = (_profile: Consortium['spec']['profile'], role: NodeRole): Readonly<Record<string, string>> => fast[role];
