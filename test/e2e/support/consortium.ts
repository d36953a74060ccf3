import assert from 'node:assert/strict';
import type { Api } from './api.ts';
import { until } from './until.ts';

export interface OperationView {
  id: string;
  state: string;
  problem: { code: string; message: string; nextAction: string } | null;
  steps: { name: string; state: string; attempt: number; reason: string | null; message: string | null }[];
}

export interface NodeView {
  name: string;
  member: string;
  role: 'peer' | 'orderer';
  ready: boolean;
  restarts: number;
  endpoint: string | null;
  health: { state: string; message: string } | null;
  channels: { name: string; height: number; lag: number; leader: boolean | null }[];
  certificates: { use: string; serial: string; pem: string; sha256: string }[];
  conditions: { type: string; status: string; reason: string; message: string }[];
}

export interface ConsortiumView {
  id: string;
  name: string;
  state: string;
  ready: boolean;
  summary: string;
  conditions: { type: string; status: string; reason: string; message: string }[];
  members: { name: string; mspId: string; signingRoot: string | null; tlsRoot: string | null }[];
  nodes: NodeView[];
  channels: { name: string; ready: boolean; height: number | null; leader: string | null; genesisDigest: string | null }[];
  contracts: { name: string; ready: boolean; version: string; committedVersion: string | null; sequence: number | null; packageId: string | null }[];
}

const condition = 'conditions { type status reason message }';
export const consortiumFields = `
  id name state ready summary ${condition}
  members { name mspId signingRoot tlsRoot }
  nodes { name member role ready restarts endpoint health { state message } channels { name height lag leader }
    certificates { use serial pem sha256 } ${condition} }
  channels { name ready height leader genesisDigest }
  contracts { name ready version committedVersion sequence packageId }`;
const operationFields = 'id state problem { code message nextAction } steps { name state attempt reason message }';

export interface ConsortiumInput {
  name: string;
  members: { name: string; mspId: string; applicationRoles?: string[]; roles?: string[]; nodes: { name: string; role: 'peer' | 'orderer' }[] }[];
  [more: string]: unknown;
}

const nodes = (role: 'peer' | 'orderer', count: number): ConsortiumInput['members'][number]['nodes'] =>
  Array.from({ length: count }, (_, index) => ({ name: `${role}${index}`, role }));

/** Two members that trade on one channel: `core` owes and orders, `supplier` is owed. */
export const smallConsortium = (name: string, { orderers = 1, contract = true }: { orderers?: number; contract?: boolean } = {}): ConsortiumInput => ({
  name,
  profile: 'sandbox',
  members: [
    { name: 'core', mspId: 'CoreMSP', applicationRoles: ['admin', 'timekeeper', 'debtor'], nodes: [...nodes('peer', 1), ...nodes('orderer', orderers)] },
    { name: 'supplier', mspId: 'SupplierMSP', applicationRoles: ['admin', 'timekeeper', 'supplier'], nodes: nodes('peer', 1) },
  ],
  channels: [{ name: 'trade' }],
  contracts: contract ? [{ name: 'receivable', channel: 'trade', template: 'receivable' }] : [],
});

type LongMutation = 'createConsortium' | 'deleteConsortium' | 'upgradeContract' | 'deployContract' | 'addNode' | 'removeNode' | 'changeNode' | 'restartNode';

/** Asks for something that takes long. @returns the id of its operation */
export async function begin(api: Api, mutation: LongMutation, input: Record<string, unknown>, idempotencyKey?: string): Promise<string> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${type}!, $key: String) { ${mutation}(input: $input, idempotencyKey: $key) { operation { id } } }`;
  const answer = await api.request<Record<LongMutation, { operation: { id: string } }>>(query, { input, key: idempotencyKey });
  return answer[mutation].operation.id;
}

export async function operation(api: Api, id: string): Promise<OperationView> {
  const answer = await api.request<{ operation: OperationView }>(`query($id: ID!) { operation(id: $id) { ${operationFields} } }`, { id });
  return answer.operation;
}

/** Follows it by asking, so that neither a restart nor an outage in between matters; fails with its problem. */
export async function succeeded(api: Api, id: string, timeoutMs = 240_000): Promise<OperationView> {
  let last: OperationView | undefined;
  const ended = await until(`operation ${id} ends`, async () => {
    last = await operation(api, id);
    return ['succeeded', 'failed', 'cancelled'].includes(last.state) && last;
  }, timeoutMs, 100).catch((error: unknown) => assert.fail(`${String(error)}: ${JSON.stringify(last?.steps, null, 1)}`));
  assert.equal(ended.state, 'succeeded', JSON.stringify(ended.problem));
  return ended;
}

export async function create(api: Api, input: ConsortiumInput): Promise<ConsortiumView> {
  await succeeded(api, await begin(api, 'createConsortium', input));
  return consortium(api, input.name);
}

export async function consortium(api: Api, name: string): Promise<ConsortiumView> {
  const answer = await api.request<{ consortium: ConsortiumView }>(`query($name: String!) { consortium(name: $name) { ${consortiumFields} } }`, { name });
  return answer.consortium;
}

/** Waits until everything in it is Ready. */
export const running = (api: Api, name: string, timeoutMs = 180_000): Promise<ConsortiumView> =>
  until(`consortium ${name} is ready`, async () => {
    const found = await consortium(api, name);
    const parts = [found, ...found.nodes, ...found.channels, ...found.contracts];
    if (parts.every(({ ready }) => ready)) return found;
    throw new Error(JSON.stringify(parts.filter(({ ready }) => !ready), (key, value: unknown) => (key === 'pem' ? undefined : value)));
  }, timeoutMs, 100);

export const nodeOf = ({ nodes: all }: ConsortiumView, member: string, name: string): NodeView =>
  all.find((node) => node.member === member && node.name === name) ?? assert.fail(`there is no node ${member}/${name}`);
