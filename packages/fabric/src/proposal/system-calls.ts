import { peer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { type decode, required, textOf, utf8 } from '../protobuf.ts';
import type { SystemCall, SystemCallKind } from './call.ts';
import { fillDefinition, readDefinition } from './definition.ts';

const { lifecycle } = peer;

/** How one call becomes arguments (after the function's name) and is read back. */
interface Codec<K extends SystemCallKind> {
  readonly contract: 'cscc' | 'qscc' | '_lifecycle';
  readonly encode: (call: SystemCall<K>) => readonly Uint8Array[];
  readonly decode: (args: ArgumentReader) => SystemCall<K>;
}

/** Takes the arguments one by one; `channel` is that of the header. */
export interface ArgumentReader {
  readonly channel: string;
  readonly bytes: () => Uint8Array;
  readonly text: () => string;
  /** The channel among the arguments, which must be that of the header. */
  readonly namedChannel: () => string;
  readonly message: <T extends { serializeBinary(): Uint8Array }>(type: { deserializeBinary(bytes: Uint8Array): T }) => T;
  readonly read: typeof decode;
}

export const SYSTEM_CALLS: { readonly [K in SystemCallKind]: Codec<K> } = {
  JoinChain: {
    contract: 'cscc',
    encode: ({ block }) => [block],
    decode: (args) => ({ kind: 'JoinChain', block: args.bytes() }),
  },
  GetChannels: { contract: 'cscc', encode: () => [], decode: () => ({ kind: 'GetChannels' }) },
  GetConfigBlock: {
    contract: 'cscc',
    encode: ({ channel }) => [utf8(channel)],
    decode: (args) => ({ kind: 'GetConfigBlock', channel: args.namedChannel() }),
  },
  GetChainInfo: {
    contract: 'qscc',
    encode: ({ channel }) => [utf8(channel)],
    decode: (args) => ({ kind: 'GetChainInfo', channel: args.namedChannel() }),
  },
  GetBlockByNumber: {
    contract: 'qscc',
    encode: ({ channel, number }) => [utf8(channel), utf8(String(number))],
    decode: (args) => ({ kind: 'GetBlockByNumber', channel: args.namedChannel(), number: blockNumber(args.text()) }),
  },
  GetBlockByTxID: {
    contract: 'qscc',
    encode: ({ channel, transactionId }) => [utf8(channel), utf8(transactionId)],
    decode: (args) => ({ kind: 'GetBlockByTxID', channel: args.namedChannel(), transactionId: args.text() }),
  },
  GetTransactionByID: {
    contract: 'qscc',
    encode: ({ channel, transactionId }) => [utf8(channel), utf8(transactionId)],
    decode: (args) => ({ kind: 'GetTransactionByID', channel: args.namedChannel(), transactionId: args.text() }),
  },
  InstallChaincode: {
    contract: '_lifecycle',
    encode: (call) => {
      const args = new lifecycle.InstallChaincodeArgs();
      args.setChaincodeInstallPackage(call.package);
      return [args.serializeBinary()];
    },
    decode: (args) => ({
      kind: 'InstallChaincode',
      package: args.message(lifecycle.InstallChaincodeArgs).getChaincodeInstallPackage_asU8(),
    }),
  },
  QueryInstalledChaincode: {
    contract: '_lifecycle',
    encode: ({ packageId }) => {
      const args = new lifecycle.QueryInstalledChaincodeArgs();
      args.setPackageId(packageId);
      return [args.serializeBinary()];
    },
    decode: (args) => ({ kind: 'QueryInstalledChaincode', packageId: args.message(lifecycle.QueryInstalledChaincodeArgs).getPackageId() }),
  },
  QueryInstalledChaincodes: {
    contract: '_lifecycle',
    encode: () => [new lifecycle.QueryInstalledChaincodesArgs().serializeBinary()],
    decode: (args) => {
      args.message(lifecycle.QueryInstalledChaincodesArgs);
      return { kind: 'QueryInstalledChaincodes' };
    },
  },
  ApproveChaincodeDefinitionForMyOrg: {
    contract: '_lifecycle',
    encode: ({ definition, packageId }) => {
      const args = fillDefinition(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), definition);
      args.setSource(encodeSource(packageId));
      return [args.serializeBinary()];
    },
    decode: ({ channel, message, read }) => {
      const args = message(lifecycle.ApproveChaincodeDefinitionForMyOrgArgs);
      const packageId = required(args.getSource(), 'source').getLocalPackage()?.getPackageId();
      return {
        kind: 'ApproveChaincodeDefinitionForMyOrg',
        channel,
        definition: readDefinition(args, args.getName(), read),
        ...(packageId === undefined ? {} : { packageId }),
      };
    },
  },
  CheckCommitReadiness: {
    contract: '_lifecycle',
    encode: ({ definition }) => [fillDefinition(new lifecycle.CheckCommitReadinessArgs(), definition).serializeBinary()],
    decode: ({ channel, message, read }) => {
      const args = message(lifecycle.CheckCommitReadinessArgs);
      return { kind: 'CheckCommitReadiness', channel, definition: readDefinition(args, args.getName(), read) };
    },
  },
  CommitChaincodeDefinition: {
    contract: '_lifecycle',
    encode: ({ definition }) => [fillDefinition(new lifecycle.CommitChaincodeDefinitionArgs(), definition).serializeBinary()],
    decode: ({ channel, message, read }) => {
      const args = message(lifecycle.CommitChaincodeDefinitionArgs);
      return { kind: 'CommitChaincodeDefinition', channel, definition: readDefinition(args, args.getName(), read) };
    },
  },
  QueryChaincodeDefinition: {
    contract: '_lifecycle',
    encode: ({ name }) => {
      const args = new lifecycle.QueryChaincodeDefinitionArgs();
      args.setName(name);
      return [args.serializeBinary()];
    },
    decode: ({ channel, message }) => ({
      kind: 'QueryChaincodeDefinition',
      channel,
      name: message(lifecycle.QueryChaincodeDefinitionArgs).getName(),
    }),
  },
  QueryChaincodeDefinitions: {
    contract: '_lifecycle',
    encode: () => [new lifecycle.QueryChaincodeDefinitionsArgs().serializeBinary()],
    decode: ({ channel, message }) => {
      message(lifecycle.QueryChaincodeDefinitionsArgs);
      return { kind: 'QueryChaincodeDefinitions', channel };
    },
  },
  QueryApprovedChaincodeDefinition: {
    contract: '_lifecycle',
    encode: ({ name, sequence = 0 }) => {
      const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
      args.setName(name);
      args.setSequence(sequence);
      return [args.serializeBinary()];
    },
    decode: ({ channel, message }) => {
      const args = message(lifecycle.QueryApprovedChaincodeDefinitionArgs);
      const sequence = args.getSequence();
      return { kind: 'QueryApprovedChaincodeDefinition', channel, name: args.getName(), ...(sequence === 0 ? {} : { sequence }) };
    },
  },
};

function encodeSource(packageId: string | undefined): peer.lifecycle.ChaincodeSource {
  const source = new lifecycle.ChaincodeSource();
  if (packageId === undefined) {
    source.setUnavailable(new lifecycle.ChaincodeSource.Unavailable());
    return source;
  }
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  source.setLocalPackage(local);
  return source;
}

function blockNumber(text: string): number {
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new DecodeError('MALFORMED_MESSAGE', `${text} is not a block number.`);
  return Number(text);
}

/** A reader of the arguments of `kind`; `finish` refuses arguments that were not taken. */
export function argumentReader(
  kind: string,
  channel: string,
  args: readonly Uint8Array[],
  read: typeof decode,
): ArgumentReader & { finish(): void } {
  let taken = 0;
  const bytes = (): Uint8Array => {
    const argument = required(args[taken], `argument ${taken + 1} of ${kind}`);
    taken++;
    return argument;
  };
  const text = (): string => required(textOf(bytes()), `text in argument ${taken} of ${kind}`);
  return {
    channel,
    bytes,
    text,
    read,
    namedChannel: () => {
      const name = text();
      if (name !== channel)
        throw new DecodeError('MALFORMED_MESSAGE', `${kind} names channel "${name}" in its arguments and "${channel}" in its header.`);
      return name;
    },
    message: (type) => read(type, bytes(), `${kind}Args`),
    finish: () => {
      if (taken !== args.length) throw new DecodeError('MALFORMED_MESSAGE', `${kind} has ${args.length} arguments instead of ${taken}.`);
    },
  };
}
