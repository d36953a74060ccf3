import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { TransactionError } from '../errors.ts';
import { requestSchemas, type CallName, type CallRequest } from './protocol.ts';

/** Why a call was not begun. `status` is that of HTTP. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: TransactionError;
  constructor(status: number, error: TransactionError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

const invalid = (status: number, message: string): Refusal => new Refusal(status, new TransactionError('INVALID_ARGUMENT', message));

/** @throws Refusal when it is too large; what is beyond is not read */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLarge = (): Refusal => invalid(413, `The call is larger than ${maxBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // `destroy` would end the connection, and with it the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The body of a request is read as bytes.');
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws Refusal that names each field that is wrong, and not what its value is */
export function parseRequest<Name extends CallName>(name: Name, body: string): CallRequest<Name> {
  const { success, data, error } = requestSchemas[name].safeParse(parseJson(body));
  if (success) return data as CallRequest<Name>;
  throw invalid(400, `${name}: ${error.issues.map(inWords).join('; ')}`);
}

const inWords = ({ path, message }: z.core.$ZodIssue): string => (path.length === 0 ? message : `${path.join('.')}: ${message}`);

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid(400, 'The call is no JSON.'); // The parser's own words show a part of the body, which may be private.
  }
}
