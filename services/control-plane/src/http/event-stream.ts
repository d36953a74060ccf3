import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, parse, specifiedRules, validate, type ExecutionResult } from 'graphql';
import { createHandler, type OperationArgs } from 'graphql-sse';
import type { RequestContext } from '../graphql/context.ts';
import type { createErrorFormatter } from '../graphql/errors.ts';
import { costRefusal, queryLimits } from '../graphql/limits.ts';
import { schema } from '../graphql/schema.ts';
import type { GraphQLRequest } from './graphql-handler.ts';
import { securityHeaders, sendJson } from './request.ts';

type StreamContext = RequestContext & Record<PropertyKey, unknown>;
type StreamArguments = OperationArgs<StreamContext>;

function prepare(context: RequestContext, { query, variables, operationName }: GraphQLRequest): StreamArguments | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: queryLimits.tokens });
    const errors = validate(schema, document, specifiedRules);
    if (errors.length > 0) return errors;
    const refusal = costRefusal(schema, document, variables ?? {});
    return refusal ? [refusal] : { schema, document, contextValue: { ...context }, variableValues: variables, operationName };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Answers as a stream of server-sent events: the "distinct connections" form of graphql-sse. */
export function createEventStream(format: ReturnType<typeof createErrorFormatter>) {
  const formatted = (error: GraphQLError): GraphQLError => {
    const { message, extensions } = format(error.toJSON(), error);
    return new GraphQLError(message, { ...(error.nodes ? { nodes: error.nodes } : {}), ...(error.path ? { path: error.path } : {}), ...(extensions ? { extensions } : {}) });
  };
  const formatResult = (result: ExecutionResult): ExecutionResult => (result.errors ? { ...result, errors: result.errors.map(formatted) } : result);

  const handler = createHandler<IncomingMessage, StreamArguments, StreamContext>({
    onSubscribe: ({ context }) => context,
    // Comes for every result, also for that of what could not begin.
    onNext: (_context, _request, result) => formatResult(result as ExecutionResult),
  });

  return async (request: IncomingMessage, response: ServerResponse, body: GraphQLRequest, context: RequestContext): Promise<void> => {
    const prepared = prepare(context, body);
    if (!('schema' in prepared)) return sendJson(response, 400, formatResult({ errors: prepared }));
    const [events, { status, statusText, headers }] = await handler({
      method: 'POST',
      url: request.url ?? '/graphql',
      headers: { get: (name) => request.headers[name.toLowerCase()]?.toString() ?? null },
      body: { ...body },
      raw: request,
      context: prepared,
    });
    if (events === null || typeof events === 'string') {
      response.writeHead(status, statusText, { ...headers, ...securityHeaders }).end(events);
      return undefined;
    }
    const stop = (): void => void events.return(undefined);
    // Who has gone meanwhile is not told of again.
    if (response.destroyed || response.closed) return stop();
    response.once('close', stop);
    response.writeHead(status, statusText, { ...headers, ...securityHeaders });
    for await (const event of events) {
      if (response.closed) break;
      // A reader that is slow is waited for: what changes meanwhile comes as one.
      if (!response.write(event) && !response.closed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
    return undefined;
  };
}
