import { DecodeError } from '../errors.ts';
import { type decode, textOf, utf8 } from '../protobuf.ts';
import { type Call, type SystemCall, type SystemCallKind, channelOf } from './call.ts';
import { SYSTEM_CALLS, argumentReader } from './system-calls.ts';

const SYSTEM_CONTRACTS: readonly string[] = ['cscc', 'qscc', 'lscc', '_lifecycle'];

/** The contract that answers a call. */
export const contractOf = (call: Call): string => (call.kind === 'Invoke' ? call.contract : SYSTEM_CALLS[call.kind].contract);

/** The arguments of a call as the contract receives them, the function's name first. */
export function encodeArguments(call: Call): readonly Uint8Array[] {
  return call.kind === 'Invoke' ? [utf8(call.function), ...call.args] : [utf8(call.kind), ...encodeSystemArguments(call)];
}

const encodeSystemArguments = <K extends SystemCallKind>(call: SystemCall<K>): readonly Uint8Array[] =>
  SYSTEM_CALLS[call.kind].encode(call);

interface Invocation {
  readonly channel: string;
  readonly contract: string;
  readonly args: readonly Uint8Array[];
  readonly transient: Readonly<Record<string, Uint8Array>>;
  readonly isInit: boolean;
}

/**
 * The call that a contract's arguments amount to; the inverse of `encodeArguments`. A call of a system contract that this
 * package does not know is refused, so that nobody signs what nobody could read.
 */
export function decodeCall(invocation: Invocation, read: typeof decode): Call {
  const {
    channel,
    contract,
    args: [first, ...args],
    transient,
    isInit,
  } = invocation;
  const name = first === undefined ? undefined : textOf(first);
  if (name === undefined) throw new DecodeError('MALFORMED_MESSAGE', `The call of ${contract} names no function.`);
  const extras = { ...(Object.keys(transient).length === 0 ? {} : { transient }), ...(isInit ? { isInit } : {}) };
  if (!SYSTEM_CONTRACTS.includes(contract)) return { kind: 'Invoke', channel, contract, function: name, args, ...extras };

  if (!isSystemCallKind(name) || SYSTEM_CALLS[name].contract !== contract) {
    throw new DecodeError('MALFORMED_MESSAGE', `${name} of ${contract} is not a call that Guildhall makes.`);
  }
  if (Object.keys(extras).length > 0) throw new DecodeError('MALFORMED_MESSAGE', `${name} takes neither transient data nor an init flag.`);
  const reader = argumentReader(name, channel, args, read);
  const call = SYSTEM_CALLS[name].decode(reader);
  reader.finish();
  if (channelOf(call) !== channel || ('channel' in call && channel === '')) {
    throw new DecodeError(
      'MALFORMED_MESSAGE',
      `${name} ${channel === '' ? 'needs a channel' : 'concerns the peer, not a channel,'} in its header.`,
    );
  }
  return call;
}

const isSystemCallKind = (name: string): name is SystemCallKind => Object.hasOwn(SYSTEM_CALLS, name);
