import type { Placement } from './placement.ts';

/** Where nodes are reached from outside through a gateway. */
export interface GatewaySettings {
  namespace: string;
  name: string;
  /** Left out: any that takes the name. */
  listener?: string;
  /** Where people outside reach it. */
  port: number;
  /** Of TLSRoute, in the cluster's Gateway API. */
  version: string;
}

/** What differs between installations. */
export interface OperatorSettings {
  /** Base of the artifact store: `<base>/artifacts/sha256/<hex>`. */
  artifactUrl: string;
  images: {
    /** By the ledger version of a Node ("3.1"). */
    peer: Readonly<Record<string, string>>;
    orderer: Readonly<Record<string, string>>;
    contractRunner: string;
  };
  /** Of the pods of nodes and contracts. */
  placement?: Placement;
  /** Left out: no node is reached from outside. */
  exposure?: {
    /** Below it nodes have their names outside; DNS leads all of them to the cluster's machines, or to the gateway. */
    domain: string;
    gateway?: GatewaySettings;
  };
}

export const defaultImages: OperatorSettings['images'] = {
  peer: { '3.1': 'hyperledger/fabric-peer:3.1' },
  orderer: { '3.1': 'hyperledger/fabric-orderer:3.1' },
  contractRunner: 'guildhall/contract-runner:0.1.0',
};
