import { common, peer } from '@hyperledger/fabric-protos';
import { decode, required } from '../protobuf.ts';
import { type ContractDefinition, type DefinitionMessage, readDefinition } from './definition.ts';

const { lifecycle } = peer;

export interface InstalledPackage {
  readonly packageId: string;
  readonly label: string;
  /** Per channel: the committed contracts that use this package on the peer asked. */
  readonly references: Readonly<Record<string, readonly { readonly name: string; readonly version: string }[]>>;
}

/** Per MSP id. `mismatches` names the parameters that a member approved differently (Fabric 3.x says which). */
export interface CommitReadiness {
  readonly approvals: Readonly<Record<string, boolean>>;
  readonly mismatches: Readonly<Record<string, readonly string[]>>;
}

export interface CommittedDefinition {
  readonly definition: ContractDefinition;
  readonly approvals: Readonly<Record<string, boolean>>;
}

export interface ApprovedDefinition {
  readonly definition: ContractDefinition;
  /** Undefined when the member approved without running the contract. */
  readonly packageId: string | undefined;
}

/** The answers of system calls: response payload -> plain value. JoinChain, approve and commit answer with nothing. */
export const decodeResult = {
  GetChannels: (bytes: Uint8Array): readonly string[] =>
    decode(peer.ChannelQueryResponse, bytes, 'ChannelQueryResponse')
      .getChannelsList()
      .map((channel) => channel.getChannelId()),

  GetChainInfo: (bytes: Uint8Array): { height: number; currentBlockHash: Uint8Array; previousBlockHash: Uint8Array } => {
    const info = decode(common.BlockchainInfo, bytes, 'BlockchainInfo');
    return {
      height: info.getHeight(),
      currentBlockHash: info.getCurrentblockhash_asU8(),
      previousBlockHash: info.getPreviousblockhash_asU8(),
    };
  },

  GetTransactionByID: (bytes: Uint8Array): { envelope: Uint8Array; validationCode: number } => {
    const processed = decode(peer.ProcessedTransaction, bytes, 'ProcessedTransaction');
    return {
      envelope: required(processed.getTransactionenvelope(), 'envelope').serializeBinary(),
      validationCode: processed.getValidationcode(),
    };
  },

  InstallChaincode: (bytes: Uint8Array): { packageId: string; label: string } => {
    const result = decode(lifecycle.InstallChaincodeResult, bytes, 'InstallChaincodeResult');
    return { packageId: result.getPackageId(), label: result.getLabel() };
  },

  QueryInstalledChaincode: (bytes: Uint8Array): InstalledPackage =>
    installed(decode(lifecycle.QueryInstalledChaincodeResult, bytes, 'QueryInstalledChaincodeResult')),

  QueryInstalledChaincodes: (bytes: Uint8Array): readonly InstalledPackage[] =>
    decode(lifecycle.QueryInstalledChaincodesResult, bytes, 'QueryInstalledChaincodesResult').getInstalledChaincodesList().map(installed),

  CheckCommitReadiness: (bytes: Uint8Array): CommitReadiness => {
    const result = decode(lifecycle.CheckCommitReadinessResult, bytes, 'CheckCommitReadinessResult');
    return {
      approvals: Object.fromEntries(result.getApprovalsMap().entries()),
      mismatches: Object.fromEntries(
        [...result.getMismatchesMap().entries()].map(([mspId, mismatches]) => [mspId, mismatches.getItemsList()]),
      ),
    };
  },

  QueryChaincodeDefinition: (bytes: Uint8Array, name: string): CommittedDefinition => {
    const result = decode(lifecycle.QueryChaincodeDefinitionResult, bytes, 'QueryChaincodeDefinitionResult');
    return { definition: readDefinition(result, name), approvals: Object.fromEntries(result.getApprovalsMap().entries()) };
  },

  QueryChaincodeDefinitions: (bytes: Uint8Array): readonly ContractDefinition[] =>
    decode(lifecycle.QueryChaincodeDefinitionsResult, bytes, 'QueryChaincodeDefinitionsResult')
      .getChaincodeDefinitionsList()
      .map((definition: DefinitionMessage & { getName(): string }) => readDefinition(definition, definition.getName())),

  QueryApprovedChaincodeDefinition: (bytes: Uint8Array, name: string): ApprovedDefinition => {
    const result = decode(lifecycle.QueryApprovedChaincodeDefinitionResult, bytes, 'QueryApprovedChaincodeDefinitionResult');
    return { definition: readDefinition(result, name), packageId: result.getSource()?.getLocalPackage()?.getPackageId() };
  },
} as const;

interface InstalledMessage {
  getPackageId(): string;
  getLabel(): string;
  getReferencesMap(): { entries(): Iterable<[string, { getChaincodesList(): { getName(): string; getVersion(): string }[] }]> };
}

function installed(message: InstalledMessage): InstalledPackage {
  const references = Object.fromEntries(
    [...message.getReferencesMap().entries()].map(([channel, used]) => [
      channel,
      used.getChaincodesList().map((chaincode) => ({ name: chaincode.getName(), version: chaincode.getVersion() })),
    ]),
  );
  return { packageId: message.getPackageId(), label: message.getLabel(), references };
}
