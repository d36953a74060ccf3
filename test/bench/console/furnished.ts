import { readConsole, type Console, type ControlPlane } from '@guildhall/control-plane';
import { channel, consortiumNamespace } from '@guildhall/resources';
import { buildConsole } from '../../../scripts/web-console.js';
import { createClient, type Client } from '../../../services/control-plane/test/client.ts';
import { createScriptedLedger, idOf, type ScriptedLedger } from '../../../services/control-plane/test/scripted-ledger.ts';
import { startScriptedOperator } from '../../../services/control-plane/test/scripted-operator.ts';
import { startWorld, type World } from '../../../services/control-plane/test/world.ts';
import { until } from '../../e2e/support/until.ts';

export const busy = { name: 'busy', channel: 'trade' } as const;

/**
 * The console as it is built, before a real control plane on a real database, with more in it than a small machine could run: the cluster is in memory, and
 * its nodes and ledgers are scripted.
 */
export interface Furnished {
  url: string;
  token: string;
  client: Client;
  world: World;
  /** Adds a block with so many transactions to the ledger of `busy`. @returns its number */
  addBlock(transactions: number): number;
  /** Resolves when the index of the ledger has come up with it. */
  indexed(): Promise<unknown>;
  channelId: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const consortiumOf = (name: string): Record<string, unknown> => ({
  name,
  members: ['core', 'supplier', 'bank'].map((member) => ({
    name: member,
    mspId: `${member}MSP`,
    nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }],
  })),
  channels: [{ name: busy.channel }],
  contracts: [{ name: 'note', channel: busy.channel, template: 'note' }],
});

async function builtConsole(): Promise<Console> {
  const built = await buildConsole(readConsole, { onProgress: (line) => process.stderr.write(`${line}\n`) });
  if (!built) throw new Error('this copy of Guildhall has no console: there is nothing to measure');
  return built;
}

async function createAll(client: Client, names: readonly string[]): Promise<void> {
  for (const name of names) await client.until(await client.begun('createConsortium', consortiumOf(name)), 'succeeded');
}

/** Every transaction is another one, of one of three members, on one of a thousand keys. */
function blockWriter(ledger: ScriptedLedger, uid: string): (transactions: number) => number {
  let made = 0;
  return (transactions) => {
    const { number } = ledger.add(
      uid,
      ...Array.from({ length: transactions }, () => {
        made += 1;
        return { id: idOf(`transaction ${made}`), creator: ['coreMSP', 'supplierMSP', 'bankMSP'][made % 3] ?? '', function: 'Put', event: 'Put', writes: { [`note-${made % 1000}`]: `value ${made}` } };
      }),
    );
    return number;
  };
}

/** @param consortia how many there are, `busy` among them */
export async function furnish(consortia: number): Promise<Furnished> {
  await using started = new AsyncDisposableStack();
  const built = await builtConsole();
  const world = started.adopt(await startWorld(), ({ stop }) => stop());
  started.adopt(startScriptedOperator(world.admin), ({ stop }) => stop());
  const ledger = createScriptedLedger();
  const controlPlane: ControlPlane = started.adopt(await world.start({ blocks: ledger.blocks, console: () => built }), ({ stop }) => stop());
  const token = await controlPlane.tokens.issueAdminToken();
  const client = createClient(() => controlPlane.url, token);
  await createAll(client, [busy.name, ...Array.from({ length: consortia - 1 }, (_, index) => `consortium-${String(index + 1).padStart(2, '0')}`)]);
  const uid = (await world.admin.get(channel.type, { namespace: consortiumNamespace(busy.name), name: busy.channel }))?.metadata.uid ?? '';
  ledger.add(uid);
  type Newest = { channel: { blocks: { edges: { node: { number: number } }[] } } };
  const newest = async (): Promise<number | undefined> =>
    (await client.ask<Newest>('query($id: ID!) { channel(id: $id) { blocks(first: 1) { edges { node { number } } } } }', { id: uid })).data.channel.blocks.edges[0]?.node.number;
  const all = started.move();
  return {
    url: controlPlane.url,
    token,
    client,
    world,
    addBlock: blockWriter(ledger, uid),
    indexed: () => until('the ledger is indexed', async () => (await newest()) === ledger.height(uid) - 1, 600_000),
    channelId: uid,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
