import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { Logger } from 'pino';
import { createRequestContext, type RequestContext, type Services } from '../graphql/context.ts';
import { createErrorFormatter } from '../graphql/errors.ts';
import { costRefusal, queryLimits } from '../graphql/limits.ts';
import { schema } from '../graphql/schema.ts';
import type { Callers } from './callers.ts';
import { createEventStream } from './event-stream.ts';
import { parseConsoleRequest, parseRequest, type ConsoleDocuments, type GraphQLRequest } from './graphql-request.ts';
import { readBody, RequestRefused, securityHeaders } from './request.ts';
import { requireJson } from './site.ts';

export interface GraphQLHandler {
  start(): Promise<void>;
  /** Rejects with what the server is to answer when GraphQL has not begun to. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

function checkForm(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    throw new RequestRefused(405, 'INVALID_INPUT', 'GraphQL requests are sent by POST', 'send the query in the body of a POST');
  }
  requireJson(request, 'GraphQL requests');
}

/**
 * POST /graphql. Answers JSON, or a stream of server-sent events to who accepts text/event-stream. Mounted on the plain
 * http server: a framework in between costs two thirds of the speed.
 */
export function createGraphQLHandler(dependencies: {
  services: Services;
  callers: Callers;
  /** What the console may send, by its digest. */
  documents: () => ConsoleDocuments;
  /** Ends the streams. */
  ending: AbortSignal;
  logger: Logger;
}): GraphQLHandler {
  const { services, callers, documents, ending, logger } = dependencies;
  const format = createErrorFormatter(logger);
  const answerWithStream = createEventStream(format, ending, logger);

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

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkForm(request, response);
    const caller = await callers(request);
    const text = await readBody(request);
    const body = caller.isConsole ? parseConsoleRequest(text, documents()) : parseRequest(text);
    const context = createRequestContext(services, caller.actor);
    if (!(request.headers.accept ?? '').includes('text/event-stream')) return answer(request, response, body, context);
    return answerWithStream(response, body, context, caller);
  };

  return {
    start: () => apollo.start(),
    stop: () => apollo.stop(),
    handle,
  };
}
