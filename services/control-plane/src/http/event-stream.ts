import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { execute, getOperationAST, GraphQLError, OperationTypeNode, parse, specifiedRules, subscribe, validate, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../graphql/context.ts';
import type { createErrorFormatter } from '../graphql/errors.ts';
import { costRefusal, queryLimits } from '../graphql/limits.ts';
import { schema } from '../graphql/schema.ts';
import type { Caller } from './callers.ts';
import type { GraphQLRequest } from './graphql-request.ts';
import { securityHeaders, sendJson } from './request.ts';

/** Keeps proxies from taking a stream that has nothing to tell for dead. */
const pingMs = 12_000;
const ping = ':\n\n';

type Start = () => Promise<AsyncIterableIterator<ExecutionResult>>;

async function* only(result: ExecutionResult | Promise<ExecutionResult>): AsyncGenerator<ExecutionResult> {
  yield await result;
}

const isStream = (result: AsyncIterableIterator<ExecutionResult> | ExecutionResult): result is AsyncIterableIterator<ExecutionResult> => Symbol.asyncIterator in result;

async function subscribed(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult>> {
  const result = await subscribe(args);
  return isStream(result) ? result : only(result);
}

/** How the request is begun, or why it cannot be. */
function prepare(contextValue: RequestContext, { query, variables, operationName }: GraphQLRequest): Start | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: queryLimits.tokens });
    const errors = validate(schema, document, specifiedRules);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (!operation) return [new GraphQLError('operationName: it must name one of the operations of the query')];
    const refusal = costRefusal(schema, document, variables ?? {});
    if (refusal) return [refusal];
    const args = { schema, document, contextValue, variableValues: variables ?? null, operationName: operationName ?? null };
    return () => (operation.operation === OperationTypeNode.SUBSCRIPTION ? subscribed(args) : Promise.resolve(only(execute(args))));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Resolves when a reader that is slow has taken what was written, or is gone. */
async function written(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.closed) return;
  const over = new AbortController();
  try {
    await Promise.race([once(response, 'drain', over), once(response, 'close', over)]);
  } finally {
    over.abort();
  }
}

/**
 * Answers as a stream of server-sent events, in the "distinct connections mode" of GraphQL over SSE: one stream for one
 * request. The next result is made only when the one before has been taken, so a reader that is slow costs no memory.
 * @param ending the server's end: a stream ends then without saying that it is complete, so that its reader takes it up again elsewhere
 */
export function createEventStream(format: ReturnType<typeof createErrorFormatter>, ending: AbortSignal, logger: Logger) {
  const formatted = (result: ExecutionResult) => (result.errors ? { ...result, errors: result.errors.map((error) => format(error.toJSON(), error)) } : result);
  const eventOf = (data: object): string => `event: next\ndata: ${JSON.stringify(data)}\n\n`;

  return async (response: ServerResponse, body: GraphQLRequest, context: RequestContext, { mayKnow, refusal }: Caller): Promise<void> => {
    const start = prepare(context, body);
    if (typeof start !== 'function') return sendJson(response, 400, formatted({ errors: start }));
    const results = await start();
    const stop = (): void => {
      results.return?.().catch((error: unknown) => logger.warn({ err: error }, 'a subscription did not end in order'));
    };
    // Who has gone meanwhile is not told of again.
    if (response.destroyed || response.closed) return stop();
    response.once('close', stop);
    ending.addEventListener('abort', stop, { once: true });
    if (ending.aborted) stop();
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', ...securityHeaders });
    response.write(ping);
    let refused = false;
    const refuse = (): void => {
      refused = true;
      stop();
    };
    const timer = setInterval(() => {
      if (!response.writableNeedDrain) response.write(ping);
      mayKnow().then((may) => (may ? undefined : refuse()), (error: unknown) => logger.warn({ err: error }, 'whether a subscription may go on could not be asked'));
    }, pingMs);
    try {
      for await (const result of results) {
        refused ||= !(await mayKnow());
        if (refused || response.closed) break;
        response.write(eventOf(formatted(result)));
        await written(response);
      }
    } catch (error) {
      // What ends a stream from within is told, as what fails at its beginning is.
      if (!response.closed) response.write(eventOf({ errors: [format({ message: 'the subscription ended' }, error)] }));
    } finally {
      clearInterval(timer);
      ending.removeEventListener('abort', stop);
    }
    if (ending.aborted) {
      response.end();
      return undefined;
    }
    if (refused) {
      const [{ message, ...extensions }] = refusal().problems;
      response.write(eventOf({ errors: [{ message, extensions }] }));
    }
    response.end('event: complete\ndata: \n\n');
    return undefined;
  };
}
