import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type Answer } from './world.ts';

export interface SeenOperation {
  id: string;
  kind: string;
  state: string;
  problem: { code: string; message: string; nextAction: string } | null;
  steps: { name: string; state: string; attempt: number; reason: string | null; message: string | null }[];
  log: { message: string }[];
}

const operationQuery = `query($id: ID!) {
  operation(id: $id) { id kind state problem { code message nextAction } steps { name state attempt reason message } log(first: 500) { message } }
}`;

/** Two members, a channel, a contract: enough for every step. */
export const smallConsortium = (name: string) => ({
  name,
  members: [
    { name: 'core', mspId: 'CoreMSP', nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }] },
    { name: 'bank', mspId: 'BankMSP', nodes: [{ name: 'peer0', role: 'peer' }] },
  ],
  channels: [{ name: 'trade' }],
  contracts: [{ name: 'note', channel: 'trade', template: 'note' }],
});

/** What a client of the API does, in the words of the tests. */
export interface Client {
  ask<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<Answer<T>>;
  /** One of the mutations that take an input and answer a planned operation. */
  begin(mutation: string, input: Record<string, unknown>, options?: { key?: string; dryRun?: boolean }): Promise<Answer<Record<string, { operation: SeenOperation | null }>>>;
  /** The same, when it must be accepted. @returns the operation's id */
  begun(mutation: string, input: Record<string, unknown>, options?: { key?: string }): Promise<string>;
  operation(id: string): Promise<SeenOperation>;
  /** Waits until the operation is in one of these states; fails when it ends in another one. */
  until(id: string, ...states: string[]): Promise<SeenOperation>;
}

export function createClient(url: () => string, token: string): Client {
  const client: Client = {
    ask: (query, variables) => ask(url(), token, query, variables),
    begin: (mutation, input, { key, dryRun } = {}) => {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
      return client.ask(`mutation($input: ${type}!, $key: String, $dryRun: Boolean) { ${mutation}(input: $input, idempotencyKey: $key, dryRun: $dryRun) { operation { id state } } }`, { input, key, dryRun });
    },
    begun: async (mutation, input, options) => {
      const { data, errors } = await client.begin(mutation, input, options);
      assert.equal(errors, undefined, JSON.stringify(errors));
      return data[mutation]?.operation?.id ?? '';
    },
    operation: async (id) => {
      const { data, errors } = await client.ask<{ operation: SeenOperation }>(operationQuery, { id });
      assert.equal(errors, undefined, JSON.stringify(errors));
      return data.operation;
    },
    until: async (id, ...states) => {
      for (;;) {
        const operation = await client.operation(id);
        if (states.includes(operation.state)) return operation;
        assert.ok(!['succeeded', 'failed', 'cancelled'].includes(operation.state), JSON.stringify(operation));
        await delay(10);
      }
    },
  };
  return client;
}

/** Reads the events of a subscription until it ends or is given up. */
export async function subscribe<T>(url: string, token: string, query: string, variables: Record<string, unknown>, onEvent: (event: Answer<T>) => void, signal?: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    ...(signal ? { signal } : {}),
  });
  // What is no request that could begin is answered as such.
  if (response.status === 400) return onEvent((await response.json()) as Answer<T>);
  assert.equal(response.status, 200);
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (/^event: next$/m.test(block) && data !== undefined) onEvent(JSON.parse(data) as Answer<T>);
    }
  }
  return undefined;
}
