import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { Logger } from 'pino';
import type { AccessTokens } from '../access/admin-token.ts';
import { isAway } from '../availability.ts';
import { unauthenticated } from '../errors.ts';
import { createRequestContext, type RequestContext, type Services } from '../graphql/context.ts';
import { createErrorFormatter } from '../graphql/errors.ts';
import { costRefusal, queryLimits } from '../graphql/limits.ts';
import { schema } from '../graphql/schema.ts';
import { createEventStream } from './event-stream.ts';
import { bearerToken, readBody, RequestRefused, securityHeaders } from './request.ts';

export interface GraphQLHandler {
  start(): Promise<void>;
  /** Rejects with what the server is to answer when GraphQL has not begun to. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

const malformed = (): RequestRefused => new RequestRefused(400, 'INVALID_INPUT', 'the body is not a GraphQL request', 'send {"query": "…", "variables": {…}} as JSON');

function parseRequest(body: string): GraphQLRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Told to the caller as one sentence; what JSON.parse says adds nothing.
    throw malformed();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
  const { query, variables = null, operationName = null } = value as Record<string, unknown>;
  if (typeof query !== 'string' || typeof variables !== 'object' || Array.isArray(variables)) throw malformed();
  if (operationName !== null && typeof operationName !== 'string') throw malformed();
  return { query, variables: variables as Record<string, unknown> | null, operationName };
}

/** Only JSON by POST: a page of another origin cannot send that without asking first (CORS), and is never allowed to. */
function checkForm(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    throw new RequestRefused(405, 'INVALID_INPUT', 'GraphQL requests are sent by POST', 'send the query in the body of a POST');
  }
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new RequestRefused(415, 'INVALID_INPUT', 'GraphQL requests are JSON', 'send the header "content-type: application/json"');
  }
}

/**
 * POST /graphql. Answers JSON, or a stream of server-sent events to who accepts text/event-stream. Mounted on the plain
 * http server: a framework in between costs two thirds of the speed.
 */
export function createGraphQLHandler(dependencies: { services: Services; tokens: AccessTokens; logger: Logger }): GraphQLHandler {
  const { services, tokens, logger } = dependencies;
  const format = createErrorFormatter(logger);
  const answerWithStream = createEventStream(format, logger);

  const apollo = new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: queryLimits.tokens },
    plugins: [
      {
        requestDidStart: () =>
          Promise.resolve({
            didResolveOperation: ({ document, request }) => {
              const refusal = costRefusal(schema, document, request.variables ?? {});
              return refusal ? Promise.reject(refusal) : Promise.resolve();
            },
          }),
      },
    ],
    formatError: format,
    logger,
    // The process has one owner of its signals already.
    stopOnTerminationSignals: false,
  });

  const answer = async (request: IncomingMessage, response: ServerResponse, body: GraphQLRequest, context: RequestContext): Promise<void> => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: () => Promise.resolve(context),
    });
    response.writeHead(result.status ?? 200, { ...Object.fromEntries(result.headers), ...securityHeaders });
    if (result.body.kind === 'complete') {
      response.end(result.body.string);
      return;
    }
    for await (const chunk of result.body.asyncIterator) response.write(chunk);
    response.end();
  };

  const stillBelongs = async (token: string, actor: string): Promise<boolean> => {
    try {
      return (await tokens.actorOf(token)) === actor;
    } catch (error) {
      // While the database is away nobody can have replaced it.
      if (isAway(error)) return true;
      throw error;
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkForm(request, response);
    const token = bearerToken(request);
    const actor = token === undefined ? undefined : await tokens.actorOf(token);
    if (token === undefined || actor === undefined) throw unauthenticated();
    const body = parseRequest(await readBody(request));
    const context = createRequestContext(services, actor);
    if (!(request.headers.accept ?? '').includes('text/event-stream')) return answer(request, response, body, context);
    return answerWithStream(response, body, context, () => stillBelongs(token, actor));
  };

  return {
    start: () => apollo.start(),
    stop: () => apollo.stop(),
    handle,
  };
}
