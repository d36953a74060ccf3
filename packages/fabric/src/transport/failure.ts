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

/** What Node's TLS says when it does not trust the other side (errors of X.509 validation and of the host name check). */
const TLS_WORDS = /certificate|altnames|ERR_TLS|SSL|wrong version number/i;

const SENTENCES: Partial<Record<FabricErrorCode, (address: string) => string>> = {
  UNREACHABLE: (address) => `The node at ${address} cannot be reached`,
  TLS_REFUSED: (address) => `The TLS certificate of the node at ${address} is not accepted`,
  DEADLINE_EXCEEDED: (address) => `The node at ${address} did not answer in time`,
  CANCELLED: (address) => `The call to ${address} was ended by the caller`,
  ACCESS_DENIED: (address) => `The node at ${address} does not allow this call`,
  OVERLOADED: (address) => `The node at ${address} is serving as many calls as it may`,
};

/** The typed error of a gRPC call that did not succeed; its message names the node's address and what the node said. */
export function fromServiceError(node: NodeEndpoint, error: ServiceError): ConnectError {
  const byStatus = CODE_BY_STATUS[error.code] ?? 'UNEXPECTED_ANSWER';
  const code = byStatus === 'UNREACHABLE' && TLS_WORDS.test(error.details) ? 'TLS_REFUSED' : byStatus;
  // grpc-js adds what its name resolution has to say, which for an address is nothing.
  return connectError(code, node.address, error.details.replace(/\s*Resolution note:\s*$/, ''), {
    status: status[error.code],
    cause: error,
    ...(node.mspId === undefined ? {} : { mspId: node.mspId }),
  });
}

/** The typed error of an HTTP call that got no answer. */
export function fromHttpError(address: string, error: Error & { code?: string }): ConnectError {
  const code = TLS_WORDS.test(`${error.code ?? ''} ${error.message}`) ? 'TLS_REFUSED' : 'UNREACHABLE';
  return connectError(code, address, error.message, { cause: error, ...(error.code === undefined ? {} : { status: error.code }) });
}

export function connectError(
  code: FabricErrorCode,
  address: string,
  said: string,
  details: { mspId?: string; status?: number | string; cause?: unknown } = {},
): ConnectError {
  const sentence = SENTENCES[code]?.(address) ?? `The node at ${address} answered with an error`;
  const { cause, ...node } = details;
  return new ConnectError(code, said === '' ? `${sentence}.` : `${sentence}: ${said}`, {
    nodes: [{ address, message: said, ...node }],
    cause,
  });
}
