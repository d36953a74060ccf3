import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { GraphQLError, parse, specifiedRules, validate, type ExecutionResult } from 'graphql';
import { createHandler, type OperationArgs } from 'graphql-sse';
import type { Logger } from 'pino';
import type { AccessTokens } from '../access/admin-token.ts';
import { createRequestContext, type RequestContext, type Services } from '../graphql/context.ts';
import { createErrorFormatter } from '../graphql/errors.ts';
import { costRule, queryLimits } from '../graphql/limits.ts';
import { schema } from '../graphql/schema.ts';
import { bearerToken, BodyTooLargeError, readBody, sendProblem } from './request.ts';

export interface GraphQLHandler {
  start(): Promise<void>;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

type StreamContext = RequestContext & Record<PropertyKey, unknown>;
type StreamArguments = OperationArgs<StreamContext>;

function parseRequest(body: string): GraphQLRequest | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return typeof (value as { query?: unknown }).query === 'string' ? (value as GraphQLRequest) : undefined;
  } catch {
    // Told to the caller as one sentence; what JSON.parse says adds nothing.
    return undefined;
  }
}

/**
 * POST /graphql. Answers JSON, or a stream of server-sent events (the "distinct connections" form of graphql-sse) to
 * who accepts text/event-stream. Mounted on the plain http server: a framework in between costs two thirds of the speed.
 */
export function createGraphQLHandler(dependencies: { services: Services; tokens: AccessTokens; logger: Logger }): GraphQLHandler {
  const { services, tokens, logger } = dependencies;
  const format = createErrorFormatter(logger);

  const apollo = new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: queryLimits.tokens },
    validationRules: [costRule({})],
    formatError: format,
    logger,
    // The process has one owner of its signals already.
    stopOnTerminationSignals: false,
  });

  const formatted = (error: GraphQLError): GraphQLError => {
    const { message, extensions } = format(error.toJSON(), error);
    return new GraphQLError(message, { ...(error.nodes ? { nodes: error.nodes } : {}), ...(error.path ? { path: error.path } : {}), ...(extensions ? { extensions } : {}) });
  };
  const formatResult = (result: ExecutionResult): ExecutionResult => (result.errors ? { ...result, errors: result.errors.map(formatted) } : result);

  const actorOf = async (request: IncomingMessage): Promise<string | undefined> => {
    const token = bearerToken(request);
    return token === undefined ? undefined : tokens.actorOf(token);
  };

  const prepare = (context: RequestContext, { query, variables, operationName }: GraphQLRequest): StreamArguments | readonly GraphQLError[] => {
    try {
      const document = parse(query, { maxTokens: queryLimits.tokens });
      const errors = validate(schema, document, [...specifiedRules, costRule(variables ?? {})]);
      return errors.length > 0 ? errors : { schema, document, contextValue: { ...context }, variableValues: variables, operationName };
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  };

  const stream = createHandler<IncomingMessage, RequestContext, StreamContext>({
    onSubscribe: ({ context }, { query, variables, operationName }) => {
      const prepared = prepare(context, { query, variables, operationName });
      return 'schema' in prepared ? prepared : formatResult({ errors: prepared });
    },
    onNext: (_context, _request, result) => formatResult(result as ExecutionResult),
  });

  const answerWithStream = async (request: IncomingMessage, response: ServerResponse, body: GraphQLRequest, context: RequestContext): Promise<void> => {
    const [events, { status, statusText, headers }] = await stream({
      method: 'POST',
      url: request.url ?? '/graphql',
      headers: { get: (name) => request.headers[name.toLowerCase()]?.toString() ?? null },
      body: { ...body },
      raw: request,
      context,
    });
    response.writeHead(status, statusText, { ...headers, 'x-content-type-options': 'nosniff' });
    if (events === null || typeof events === 'string') {
      response.end(events);
      return;
    }
    response.once('close', () => void events.return(undefined));
    for await (const event of events) {
      // A reader that is slow is waited for: what changes meanwhile comes as one.
      if (!response.write(event) && !response.closed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, body: GraphQLRequest, context: RequestContext): Promise<void> => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: () => Promise.resolve(context),
    });
    for (const [name, value] of result.headers) response.setHeader(name, value);
    response.setHeader('x-content-type-options', 'nosniff');
    response.statusCode = result.status ?? 200;
    if (result.body.kind === 'complete') {
      response.end(result.body.string);
      return;
    }
    for await (const chunk of result.body.asyncIterator) response.write(chunk);
    response.end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      return sendProblem(response, 405, 'INVALID_INPUT', 'GraphQL requests are sent by POST', 'send the query in the body of a POST');
    }
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return sendProblem(response, 415, 'INVALID_INPUT', 'GraphQL requests are JSON', 'send the header "content-type: application/json"');
    }
    const actor = await actorOf(request);
    if (actor === undefined) {
      return sendProblem(response, 401, 'UNAUTHENTICATED', 'no valid token came with the request', 'send the header "Authorization: Bearer <token>"; the token is in the file admin-token of GUILDHALL_HOME');
    }
    const body = parseRequest(await readBody(request));
    if (!body) return sendProblem(response, 400, 'INVALID_INPUT', 'the body is not a GraphQL request', 'send {"query": "…", "variables": {…}} as JSON');
    const context = createRequestContext(services, actor);
    if ((request.headers.accept ?? '').includes('text/event-stream')) {
      return answerWithStream(request, response, body, context);
    }
    return answer(request, response, body, context);
  };

  return {
    start: () => apollo.start(),
    stop: () => apollo.stop(),
    handle: async (request, response) => {
      try {
        await handle(request, response);
      } catch (error) {
        if (error instanceof BodyTooLargeError) return sendProblem(response, 413, 'INVALID_INPUT', error.message, 'send less at once');
        logger.error({ err: error }, 'a request failed');
        if (response.headersSent) response.destroy();
        else sendProblem(response, 503, 'UNAVAILABLE', 'a part of Guildhall does not answer', 'try again in a few seconds; what was begun goes on by itself');
      }
      return undefined;
    },
  };
}
