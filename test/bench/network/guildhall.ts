import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGraphQLClient, createTerminal, startStandalone, type GraphQLClient, type Standalone } from '@guildhall/standalone';
import { destination, pino } from 'pino';
import type { Stages } from './fabric-tools.ts';

export interface BenchedGuildhall {
  /** Creates the network of the bench and submits one transaction that both members endorse; then deletes it. */
  bringUp(profile: 'production' | 'sandbox', initArgument: (mspIds: readonly string[]) => string): Promise<Stages>;
  stop(): Promise<void>;
}

interface Step {
  name: string;
  startedAt: string;
  finishedAt: string;
}

async function finished(client: GraphQLClient, id: string): Promise<Step[]> {
  const query = 'subscription($id: ID!) { operation(id: $id) { state problem { message } steps { name startedAt finishedAt } } }';
  let last: { state: string; problem: { message: string } | null; steps: Step[] } | undefined;
  for await (const { operation } of client.subscribe<{ operation: NonNullable<typeof last> }>(query, { id })) last = operation;
  if (last?.state !== 'succeeded') throw new Error(`the operation is ${last?.state}: ${last?.problem?.message}`);
  return last.steps;
}

const network = (name: string, profile: string): Record<string, unknown> => ({
  name,
  profile,
  members: [
    { name: 'ordering', mspId: 'OrderingMSP', roles: ['ordering'], nodes: [0, 1, 2].map((index) => ({ name: `orderer${index}`, role: 'orderer' })) },
    ...['a', 'b'].map((member) => ({ name: member, mspId: `${member}MSP`, applicationRoles: ['admin'], nodes: [{ name: 'peer0', role: 'peer' }] })),
  ],
  channels: [{ name: 'trade' }],
  contracts: [{ name: 'receivable', channel: 'trade', template: 'receivable' }],
});

/** Guildhall with everything prepared (programs, database), in a home of its own. */
export async function startBenchedGuildhall(): Promise<BenchedGuildhall> {
  const home = await mkdtemp(join(tmpdir(), 'guildhall-bench-home-'));
  const quiet = createTerminal(() => undefined, Date.now);
  const logger = pino({ level: 'info' }, destination({ dest: join(home, 'guildhall.log'), sync: false }));
  const standalone: Standalone = await startStandalone({ home, host: '127.0.0.1', port: 0, logLevel: 'info' }, quiet, logger);
  await standalone.fabricPrograms;
  const client = createGraphQLClient(standalone.url, (await readFile(join(home, 'admin-token'), 'utf8')).trim());
  let count = 0;

  return {
    bringUp: async (profile, initArgument) => {
      const name = `bench${(count += 1)}`;
      const began = performance.now();
      const { createConsortium } = await client.request<{ createConsortium: { operation: { id: string } } }>(
        'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input) { operation { id } } }',
        { input: network(name, profile) },
      );
      const steps = await finished(client, createConsortium.operation.id);
      const created = performance.now();
      await client.request('mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId } }', {
        input: { consortium: name, channel: 'trade', contract: 'receivable', member: 'a', role: 'admin', function: 'Init', args: [initArgument(['aMSP', 'bMSP'])], endorsingMembers: ['a', 'b'] },
      });
      const ended = performance.now();
      const { deleteConsortium } = await client.request<{ deleteConsortium: { operation: { id: string } } }>(
        'mutation($input: DeleteConsortiumInput!) { deleteConsortium(input: $input) { operation { id } } }',
        { input: { name, confirmName: name, deleteData: true } },
      );
      await finished(client, deleteConsortium.operation.id);
      return [
        ...steps.map((step): [string, number] => [step.name, (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000]),
        ['first transaction', (ended - created) / 1000],
        ['total', (ended - began) / 1000],
      ];
    },
    stop: async () => {
      await standalone.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
