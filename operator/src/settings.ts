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
}

export const defaultImages: OperatorSettings['images'] = {
  peer: { '3.1': 'hyperledger/fabric-peer:3.1' },
  orderer: { '3.1': 'hyperledger/fabric-orderer:3.1' },
  contractRunner: 'guildhall/contract-runner:0.1.0',
};
