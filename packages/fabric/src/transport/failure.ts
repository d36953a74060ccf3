import { status, type ServiceError } from '@grpc/grpc-js';
import { ConnectError, type FabricErrorCode } from '../errors.ts';
import type { NodeEndpoint } from './endpoint.ts';

const CODE_BY_STATUS: Partial<Record<status, FabricErrorCode>> = {
  [status.UNAVAILABLE]: 'UNREACHABLE',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.CANCELLED]: 'CANCELLED',
  [status.PERMISSION_DENIED]: 'ACCESS_DENIED',
  [status.UNAUTHENTICATED]: 'ACCESS_DENIED',
  [status.RESOURCE_EXHAUSTED]: 'OVERLOADED',
};

/** grpc-js and Go's grpc say RESOURCE_EXHAUSTED of a message above the limit, too. */
const TOO_LARGE = /larger than/;

/** What Node's TLS says when it does not trust the other side (errors of X.509 validation and of the host name check). */
const TLS_WORDS = /certificate|altnames|ERR_TLS|SSL|wrong version number/i;

const SENTENCES: Partial<Record<FabricErrorCode, (address: string) => string>> = {
  UNREACHABLE: (address) => `The node at ${address} cannot be reached`,
  TLS_REFUSED: (address) => `The node at ${address} cannot be reached over TLS`,
  DEADLINE_EXCEEDED: (address) => `The node at ${address} did not answer in time`,
  CANCELLED: (address) => `The call to ${address} was ended by the caller`,
  ACCESS_DENIED: (address) => `The node at ${address} does not allow this call`,
  OVERLOADED: (address) => `The node at ${address} is serving as many calls as it may`,
  MESSAGE_TOO_LARGE: (address) => `The call to the node at ${address} or its answer is too large`,
};

/** The typed error of a gRPC call that did not succeed; its message names the node's address and what the node said. */
export function fromServiceError(node: NodeEndpoint, error: ServiceError): ConnectError {
  // grpc-js adds what its name resolution has to say, which for an address is nothing.
  return connectError(codeOf(error), node.address, error.details.replace(/\s*Resolution note:\s*$/, ''), {
    status: status[error.code],
    cause: error,
    ...(node.mspId === undefined ? {} : { mspId: node.mspId }),
  });
}

function codeOf({ code, details }: ServiceError): FabricErrorCode {
  const byStatus = CODE_BY_STATUS[code] ?? 'UNEXPECTED_ANSWER';
  if (byStatus === 'UNREACHABLE' && TLS_WORDS.test(details)) return 'TLS_REFUSED';
  return byStatus === 'OVERLOADED' && TOO_LARGE.test(details) ? 'MESSAGE_TOO_LARGE' : byStatus;
}

/** The typed error of an HTTP call that got no answer, or one that is not HTTP. */
export function fromHttpError(address: string, error: Error & { code?: string }): ConnectError {
  const code = httpCodeOf(error);
  return connectError(code, address, error.message, { cause: error, ...(error.code === undefined ? {} : { status: error.code }) });
}

function httpCodeOf({ code = '', message }: Error & { code?: string }): FabricErrorCode {
  if (TLS_WORDS.test(`${code} ${message}`)) return 'TLS_REFUSED';
  if (code.startsWith('HPE_')) return 'UNEXPECTED_ANSWER'; // Node's HTTP parser
  return TOO_LARGE.test(message) ? 'MESSAGE_TOO_LARGE' : 'UNREACHABLE';
}

export function connectError(
  code: FabricErrorCode,
  address: string,
  said: string,
  details: { mspId?: string; status?: number | string; cause?: unknown } = {},
): ConnectError {
  const sentence = SENTENCES[code]?.(address) ?? `The node at ${address} answered with an error`;
  const { cause, ...node } = details;
  // In quotation marks, so that where the node's words end can be told when more is said behind them.
  return new ConnectError(code, said === '' ? `${sentence}.` : `${sentence}: ${JSON.stringify(said)}.`, {
    nodes: [{ address, message: said, ...node }],
    cause,
  });
}
