import type { GraphQLClient } from '@guildhall/standalone';
import type { Stages } from './stages.ts';

export type Profile = 'production' | 'sandbox';

/** The network of the benches, made through the API. */
export interface Networks {
  /** Creates one and submits a transaction that both members endorse. */
  create(profile: Profile): Promise<{ name: string; stages: Stages }>;
  delete(name: string): Promise<void>;
  /** Creates one and deletes it. */
  bringUp(profile: Profile): Promise<Stages>;
}

interface Step {
  name: string;
  startedAt: string;
  finishedAt: string;
}

/** Waits until the operation has succeeded. */
export async function finished(client: GraphQLClient, id: string): Promise<Step[]> {
  const query = 'subscription($id: ID!) { operation(id: $id) { state problem { message } steps { name startedAt finishedAt } } }';
  let last: { state: string; problem: { message: string } | null; steps: Step[] } | undefined;
  for await (const { operation } of client.subscribe<{ operation: NonNullable<typeof last> }>(query, { id })) last = operation;
  if (last?.state !== 'succeeded') throw new Error(`the operation is ${last?.state}: ${last?.problem?.message}`);
  return last.steps;
}

/** @returns the id of the operation */
export async function beginConsortium(client: GraphQLClient, input: Record<string, unknown>): Promise<string> {
  const query = 'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input) { operation { id } } }';
  return (await client.request<{ createConsortium: { operation: { id: string } } }>(query, { input })).createConsortium.operation.id;
}

export const initArgument = (mspIds: readonly string[]): string =>
  JSON.stringify({
    requestId: 'bench-init',
    config: {
      parties: mspIds.map((mspId, index) => ({ mspId, roles: ['admin', index === 0 ? 'debtor' : 'supplier'] })),
      clock: { timekeepers: mspIds, quorum: 1, skewSec: 300 },
      settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
    },
  });

const network = (name: string, profile: Profile): Record<string, unknown> => ({
  name,
  profile,
  members: [
    { name: 'ordering', mspId: 'OrderingMSP', roles: ['ordering'], nodes: [0, 1, 2].map((index) => ({ name: `orderer${index}`, role: 'orderer' })) },
    ...['a', 'b'].map((member) => ({ name: member, mspId: `${member}MSP`, applicationRoles: ['admin'], nodes: [{ name: 'peer0', role: 'peer' }] })),
  ],
  channels: [{ name: 'trade' }],
  contracts: [{ name: 'receivable', channel: 'trade', template: 'receivable' }],
});

/** @param prefix of their names */
export function createNetworks(client: GraphQLClient, prefix = 'bench'): Networks {
  let count = 0;
  const networks: Networks = {
    create: async (profile) => {
      const name = `${prefix}${(count += 1)}`;
      const began = performance.now();
      const steps = await finished(client, await beginConsortium(client, network(name, profile)));
      const created = performance.now();
      await client.request('mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId } }', {
        input: { consortium: name, channel: 'trade', contract: 'receivable', member: 'a', role: 'admin', function: 'Init', args: [initArgument(['aMSP', 'bMSP'])], endorsingMembers: ['a', 'b'] },
      });
      const ended = performance.now();
      const stages: Stages = [
        ...steps.map((step): [string, number] => [step.name, (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000]),
        ['first transaction', (ended - created) / 1000],
        ['total', (ended - began) / 1000],
      ];
      return { name, stages };
    },
    delete: async (name) => {
      const { deleteConsortium } = await client.request<{ deleteConsortium: { operation: { id: string } } }>(
        'mutation($input: DeleteConsortiumInput!) { deleteConsortium(input: $input) { operation { id } } }',
        { input: { name, confirmName: name, deleteData: true } },
      );
      await finished(client, deleteConsortium.operation.id);
    },
    bringUp: async (profile) => {
      const { name, stages } = await networks.create(profile);
      await networks.delete(name);
      return stages;
    },
  };
  return networks;
}
