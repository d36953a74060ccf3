import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../cluster.ts';
import type { Json, JsonObject } from '../json.ts';
import { objectOr, textOr, textOfStored } from '../json.ts';
import type { Api, Target } from './api.ts';
import type { Call, DeleteOptions, FieldValidation, WriteOptions } from './call.ts';
import { ApiFailure, badRequest, internalError, invalid, methodNotAllowed, noSuchResource, unauthorized, unsupportedMediaType, type Status } from './failure.ts';
import { streamLog, streamWatch, type StreamTimes } from './http-streams.ts';
import { listBody } from './reads.ts';

export interface HttpOptions extends StreamTimes {
  /** Gets what failed inside, for the log; its answer is a 500 that says so. */
  onError?: (error: unknown) => void;
}

/** etcd takes 1.5 MiB of an object; JSON may be somewhat longer. */
const largestBody = 3 * 1024 * 1024;

const path = /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?$/;

function part(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`${JSON.stringify(text)} in the path is not encoded as UTF-8`);
  }
}

/** `/api/v1/namespaces/NS/pods/NAME/log`; a namespace itself is `/api/v1/namespaces/NAME[/status]`. */
export function targetOf(pathname: string): Target {
  const groups = path.exec(pathname)?.groups;
  if (!groups) throw noSuchResource();
  const { group = '', version = '', namespace = '', plural = '', name = '', subresource = '' } = groups;
  if (group === '' && namespace !== '' && name === '' && plural === 'status') {
    return { group, version, plural: 'namespaces', namespace: '', name: part(namespace), subresource: plural };
  }
  return { group, version, plural, namespace: part(namespace), name: part(name), subresource };
}

const tooLarge = (): ApiFailure => new ApiFailure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largestBody}`);

async function readBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on, else the answer is lost with the connection; but not without end.
    if (size > 10 * largestBody) throw tooLarge();
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) throw tooLarge();
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Json;
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (the local cluster reads JSON): ${error instanceof Error ? error.message : String(error)}`);
  }
}

function send(response: ServerResponse, code: number, body: object): void {
  const text = textOfStored(body);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

function sendFailure(response: ServerResponse, status: Status): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const seconds = status.details?.retryAfterSeconds;
  if (seconds !== undefined) response.setHeader('retry-after', String(seconds));
  send(response, status.code ?? 500, status);
}

const mediaType = (request: IncomingMessage): string => (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
const patchOptions = { group: 'meta.k8s.io', kind: 'PatchOptions', plural: '' };
const patchTypes = ['application/apply-patch+yaml', 'application/merge-patch+json'];

/** client-go's default: the program's name out of the User-Agent. */
const managerOf = (request: IncomingMessage, query: URLSearchParams): string =>
  query.get('fieldManager') ?? (request.headers['user-agent']?.split('/')[0] || 'unknown');

function writeOptions(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): WriteOptions {
  const fieldValidation = query.get('fieldValidation') ?? 'Warn';
  if (fieldValidation !== 'Strict' && fieldValidation !== 'Warn' && fieldValidation !== 'Ignore') {
    throw badRequest(`fieldValidation ${JSON.stringify(fieldValidation)}: use "Strict", "Warn" or "Ignore"`);
  }
  if (query.has('dryRun')) throw badRequest('dryRun is not supported by the local cluster');
  return {
    fieldManager: managerOf(request, query),
    fieldValidation: fieldValidation satisfies FieldValidation,
    warn: (text) => response.appendHeader('warning', `299 - ${JSON.stringify(text)}`),
  };
}

function optional(query: URLSearchParams, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])));
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d+$/.test(value)) throw badRequest(`${name} must be a number, not ${JSON.stringify(value)}`);
  return Number(value);
}

function deleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const { uid, resourceVersion } = objectOr(body['preconditions']);
  const grace = typeof body['gracePeriodSeconds'] === 'number' ? body['gracePeriodSeconds'] : numberOf(query, 'gracePeriodSeconds');
  const policy = textOr(body['propagationPolicy'], query.get('propagationPolicy') ?? '');
  return {
    preconditions: { ...(typeof uid === 'string' ? { uid } : {}), ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) },
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === '' ? {} : { propagationPolicy: policy }),
  };
}

/** The listener for node:http. */
export function createHandler(api: Api, principalOf: (token: string) => Principal | undefined, options: HttpOptions = {}): (request: IncomingMessage, response: ServerResponse) => void {
  interface Exchange {
    call: Call;
    request: IncomingMessage;
    response: ServerResponse;
    query: URLSearchParams;
  }

  async function read({ call, response, query }: Exchange): Promise<void> {
    if (call.subresource === 'log') {
      const tailLines = numberOf(query, 'tailLines');
      // A process writes its log itself, so nobody knows when a line came.
      const unsupported = ['timestamps', 'sinceTime', 'sinceSeconds', 'limitBytes'].find((name) => query.has(name) && query.get(name) !== 'false');
      if (unsupported !== undefined) throw badRequest(`${unsupported} is not supported by the local cluster`);
      return streamLog(response, (signal) => api.log(call, {
        follow: query.get('follow') === 'true', previous: query.get('previous') === 'true', signal, ...(tailLines === undefined ? {} : { tailLines }), ...optional(query, 'container'),
      }));
    }
    if (query.get('watch') === 'true' || query.get('watch') === '1') {
      return streamWatch(response, call, query, (deliver) => api.watch(call, optional(query, 'labelSelector', 'fieldSelector', 'resourceVersion'), deliver), options);
    }
    if (call.name !== '') return send(response, 200, api.get(call));
    const limit = numberOf(query, 'limit');
    const page = api.list(call, { ...optional(query, 'labelSelector', 'fieldSelector', 'continue'), ...(limit === undefined ? {} : { limit }) });
    return send(response, 200, listBody(call, page));
  }

  async function patch({ call, request, response, query }: Exchange): Promise<void> {
    const type = mediaType(request);
    if (!patchTypes.includes(type)) throw unsupportedMediaType(type);
    const body = await readBody(request);
    const write = writeOptions(request, response, query);
    if (type === 'application/merge-patch+json') return send(response, 200, (await api.mergePatch(call, body, write)).object);
    if (!query.has('fieldManager')) throw invalid(patchOptions, '', [{ type: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' }]);
    const { object, created } = await api.apply(call, body, { ...write, force: query.get('force') === 'true' });
    return send(response, created ? 201 : 200, object);
  }

  async function remove({ call, request, response, query }: Exchange): Promise<void> {
    const { gone, object } = await api.delete(call, deleteOptions(objectOr(await readBody(request)), query));
    if (!gone) return send(response, 200, object);
    const { group, plural } = call.kind;
    const uid = textOr(objectOr(object['metadata'])['uid']);
    const details = { name: call.name, ...(group ? { group } : {}), kind: plural, uid };
    return send(response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } satisfies Status);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://local${request.url ?? '/'}`);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const principal = token === undefined ? undefined : principalOf(token);
    if (!principal) throw unauthorized();
    const exchange: Exchange = { call: api.call(principal, targetOf(url.pathname)), request, response, query: url.searchParams };
    const { call } = exchange;
    switch (request.method) {
      case 'GET':
        return read(exchange);
      case 'POST':
        return send(response, 201, (await api.create(call, await readBody(request), writeOptions(request, response, url.searchParams))).object);
      case 'PATCH':
        return patch(exchange);
      case 'DELETE':
        return remove(exchange);
      default:
        throw methodNotAllowed(call.kind, request.method ?? '');
    }
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof ApiFailure) return sendFailure(response, error.status);
      // A client that went in the middle of its request waits for no answer.
      if (request.destroyed && !request.complete) return undefined;
      options.onError?.(error);
      return sendFailure(response, internalError('the local cluster failed on this request; its log says why').status);
    });
  };
}

