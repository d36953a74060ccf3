import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiError, isNotFound, type KubernetesClient, type LogOptions, type Ref } from '@guildhall/kubernetes';
import { channelMembership, contract, contractInstallation, fieldManagers, memberNamespace, node, type Node } from '@guildhall/resources';
import { createClient, smallConsortium, subscribe, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

const line = (text: string): string => JSON.stringify({ level: 'info', ts: 1767225600, name: 'peer', msg: text });

describe('nodes of a running consortium', () => {
  let world: World;
  let operator: ScriptedOperator;
  let client: Client;
  let url = '';
  let token = '';
  let stop: () => Promise<void>;
  const asked: { ref: Ref; options: LogOptions }[] = [];
  const logs = new Map<string, string[]>();
  /** Somebody else's write, between that the control plane has read a node and that it writes it. */
  let meddle: (() => Promise<unknown>) | undefined;
  const core = memberNamespace('trial', 'core');

  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    const wrapped = (own: KubernetesClient): KubernetesClient => ({
      ...own,
      withSignal: (signal) => wrapped(own.withSignal(signal)),
      mergePatch: async (type, ref, patch, options) => {
        const task = type.kind === 'Node' ? meddle : undefined;
        if (task) meddle = undefined;
        await task?.();
        return own.mergePatch(type, ref, patch, options);
      },
      podLog: async function* (ref, options = {}) {
        asked.push({ ref, options });
        const lines = logs.get(`${ref.namespace}/${ref.name}`);
        if (lines === undefined) throw new ApiError(404, 'NotFound', 'no such pod');
        yield* lines.slice(-(options.tailLines ?? 1000));
        if (options.follow === true) await new Promise((resolve) => options.signal?.addEventListener('abort', resolve, { once: true }));
      },
    });
    const controlPlane = await world.start({ client: wrapped(world.connect()), storageClass: 'usual', storageClasses: ['usual', 'fast'] });
    stop = controlPlane.stop;
    url = controlPlane.url;
    token = await controlPlane.tokens.issueAdminToken();
    client = createClient(() => url, token);
    await client.until(await client.begun('createConsortium', smallConsortium('trial')), 'succeeded');
  });
  after(async () => {
    operator.stop();
    await stop();
    await world.stop();
  });

  const peer1 = { consortium: 'trial', member: 'core', name: 'peer1' };
  const add = (input: Record<string, unknown> = {}): Promise<string> => client.begun('addNode', { ...peer1, role: 'peer', ...input });
  const peersOf = async (): Promise<[string[] | undefined, string[] | undefined]> => {
    const [membership, installation] = await Promise.all([world.admin.get(channelMembership.type, { namespace: core, name: 'trade' }), world.admin.get(contractInstallation.type, { namespace: core, name: 'note' })]);
    return [membership?.spec.peers, installation?.spec.peers];
  };
  const refused = async (mutation: string, input: Record<string, unknown>): Promise<string> => {
    const { errors } = await client.begin(mutation, input);
    return `${errors?.[0]?.extensions.code} ${errors?.[0]?.extensions.path}`;
  };

  test('what cannot be is refused at its place', async () => {
    assert.equal(await refused('addNode', { ...peer1, role: 'orderer' }), 'NOT_YET role');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', name: 'peer0' }), 'DUPLICATE name');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', member: 'nobody' }), 'NOT_FOUND member');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', consortium: 'nothing' }), 'NOT_FOUND consortium');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', channels: ['nowhere'] }), 'INVALID_INPUT channels[0]');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', name: 'Peer!' }), 'INVALID_INPUT name');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', memory: 'much' }), 'INVALID_INPUT memory');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', storageClass: 'Fast SSD' }), 'INVALID_INPUT storageClass');
    assert.equal(await refused('addNode', { ...peer1, role: 'peer', storageClass: 'slow' }), 'INVALID_INPUT storageClass', 'nobody can make it here');
    const members = [{ name: 'core', mspId: 'OtherMSP', nodes: [{ name: 'orderer0', role: 'orderer' }, { name: 'peer0', role: 'peer', storageClass: 'slow' }] }];
    assert.equal(await refused('createConsortium', { ...smallConsortium('other'), members }), 'INVALID_INPUT members[0].nodes[1].storageClass');
    assert.equal(await refused('removeNode', { ...peer1, confirmName: 'peer1' }), 'NOT_FOUND name');
    assert.equal(await refused('removeNode', { ...peer1, name: 'peer0', confirmName: 'peer0' }), 'CONFLICT name');
    assert.equal(await refused('removeNode', { ...peer1, name: 'orderer0', confirmName: 'orderer0' }), 'NOT_YET name');
    assert.equal(await refused('restartNode', peer1), 'NOT_FOUND name');
    assert.equal(await refused('changeNode', { ...peer1, memory: '1Gi' }), 'NOT_FOUND name');
    for (const [wish, refusal] of [[{}, 'INVALID_INPUT undefined'], [{ storage: '1Gi' }, 'INVALID_INPUT storage'], [{ storage: '10Gi' }, 'CONFLICT undefined'], [{ version: '2.5' }, 'INVALID_INPUT version'], [{ memory: '512' }, 'INVALID_INPUT memory']] as const) {
      assert.equal(await refused('changeNode', { ...peer1, name: 'peer0', ...wish }), refusal);
    }
  });

  test('a dry run changes nothing', async () => {
    const { data, errors } = await client.begin('addNode', { ...peer1, role: 'peer' }, { dryRun: true });
    assert.equal(errors, undefined);
    assert.equal(data['addNode']?.operation, null);
    assert.equal(await world.admin.get(node.type, { namespace: core, name: 'peer1' }), undefined);
  });

  test('a peer is added with its size and its storage class to the consents that its member gave, which are recorded', async () => {
    const id = await add({ cpu: '500m', memory: '512Mi', storage: '2Gi', storageClass: 'fast' });
    const { steps } = await client.until(id, 'succeeded');
    assert.deepEqual(steps.map(({ name }) => name), ['resources', 'node', 'channels', 'contracts']);
    const made = await world.admin.get(node.type, { namespace: core, name: 'peer1' });
    assert.deepEqual([made?.spec.resources, made?.spec.storage, made?.spec.exposure], [{ cpu: '500m', memory: '512Mi' }, { size: '2Gi', className: 'fast' }, 'Local']);
    const { data } = await client.ask<{ consortium: { nodes: { member: string; name: string; storageClass: string | null }[] } }>('{ consortium(name: "trial") { nodes { member name storageClass } } }');
    const classes = Object.fromEntries(data.consortium.nodes.map((each) => [`${each.member}/${each.name}`, each.storageClass]));
    assert.deepEqual([classes['core/peer1'], classes['core/peer0'], classes['bank/peer0']], ['fast', 'usual', 'usual']);
    assert.deepEqual(await peersOf(), [['peer0', 'peer1'], ['peer0', 'peer1']]);
    const audit = await world.query<{ action: string; delegated_for: string | null }>('select action, delegated_for from audit where operation_id = $1 order by action', [id]);
    assert.deepEqual(audit.map(({ action, delegated_for: member }) => `${action} ${member}`), ['addNode null', 'consent core', 'consent core']);
  });

  test('a peer that is to be in no channel changes no consent', async () => {
    await client.until(await add({ name: 'spare', channels: [] }), 'succeeded');
    assert.deepEqual(await peersOf(), [['peer0', 'peer1'], ['peer0', 'peer1']]);
    await client.until(await client.begun('removeNode', { ...peer1, name: 'spare', confirmName: 'spare', deleteData: true }), 'succeeded');
  });

  test('a peer that has joined is waited for until it has all blocks', async () => {
    const behind: Node['status'] = { channels: [{ name: 'trade', height: 2, lag: 5 }], conditions: [{ type: 'Degraded', status: 'True', reason: 'BehindOthers', message: 'block 2 of 7', lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const ref = { namespace: core, name: 'late' };
    operator.answer = (object) => (object.kind === 'ChannelMembership' && object.metadata.namespace === core && (object.spec as { peers: string[] }).peers.includes('late') ? 'nothing' : 'ready');
    const id = await add({ name: 'late' });
    await client.until(id, 'waiting');
    await world.admin.applyStatus(node.type, { metadata: ref, status: behind }, { force: true, fieldManager: 'late' });
    const membership = await world.admin.get(channelMembership.type, { namespace: core, name: 'trade' });
    const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: '', observedGeneration: membership?.metadata.generation, lastTransitionTime: '2026-01-01T00:00:00Z' };
    await world.admin.applyStatus(channelMembership.type, { metadata: { namespace: core, name: 'trade' }, status: { conditions: [ready] } }, { force: true });
    while ((await client.operation(id)).steps.find(({ name }) => name === 'channels')?.reason !== 'BehindOthers');
    await world.admin.applyStatus(node.type, { metadata: ref, status: { channels: [{ name: 'trade', height: 7, lag: 0 }] } }, { force: true, fieldManager: 'late' });
    await client.until(id, 'succeeded');
    operator.answer = () => 'ready';
    await client.until(await client.begun('removeNode', { ...peer1, name: 'late', confirmName: 'late', deleteData: true }), 'succeeded');
  });

  test('a restart is a wish in the spec that changes nothing else, and the operation ends when the node is ready for it', async () => {
    const before = await world.admin.get(node.type, { namespace: core, name: 'peer1' });
    await client.until(await client.begun('restartNode', peer1), 'succeeded');
    const after = await world.admin.get(node.type, { namespace: core, name: 'peer1' });
    const { restartedAt, ...rest } = after?.spec ?? {};
    assert.deepEqual(rest, before?.spec);
    assert.ok(Number.isFinite(Date.parse(restartedAt ?? '')));
    assert.deepEqual([after?.metadata.labels, after?.metadata.finalizers], [before?.metadata.labels, before?.metadata.finalizers]);
  });

  const specOf = async (): Promise<Node['spec']> => (await world.admin.get(node.type, { namespace: core, name: 'peer1' }))?.spec ?? assert.fail('there is no peer1');
  /** What its controller says of the spec as it is now. */
  const says = async (conditions: { type: string; status?: string; reason: string; message: string }[]): Promise<void> => {
    const generation = (await world.admin.get(node.type, { namespace: core, name: 'peer1' }))?.metadata.generation;
    const told = conditions.map((each) => ({ status: each.type === 'Ready' ? 'False' : 'True', observedGeneration: generation, lastTransitionTime: '2026-01-01T00:00:00Z', ...each }));
    await world.admin.applyStatus(node.type, { metadata: { namespace: core, name: 'peer1' }, status: { conditions: told } }, { force: true });
  };

  test('a change gives the node what was asked for and nothing else, is recorded, and ends when the node is ready with it; asked again under its key it is the same', async () => {
    const before = await specOf();
    const input = { ...peer1, memory: '1Gi', storage: '3Gi' };
    const id = await client.begun('changeNode', input, { key: 'change-1' });
    await client.until(id, 'succeeded');
    assert.deepEqual(await specOf(), { ...before, resources: { cpu: '500m', memory: '1Gi' }, storage: { size: '3Gi', className: 'fast' } });
    assert.equal(await client.begun('changeNode', input, { key: 'change-1' }), id);
    const audit = await world.query<{ action: string; details: object }>('select action, details from audit where operation_id = $1', [id]);
    assert.deepEqual(audit, [{ action: 'changeNode', details: { member: 'core', node: 'peer1', memory: '1Gi', storage: '3Gi' } }]);
    assert.equal(await refused('changeNode', { ...peer1, storage: '2Gi' }), 'INVALID_INPUT storage');
  });

  const notGrown = [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'it is well' }, { type: 'Degraded', reason: 'VolumeNotGrown', message: 'the claim stays at 3Gi' }];

  test('a volume that the cluster does not let grow fails with the reason, although the node is ready; cancelled, all but the size is as it was', async () => {
    const before = await specOf();
    operator.answer = (object) => (object.kind === 'Node' && object.metadata.name === 'peer1' ? 'nothing' : 'ready');
    const id = await client.begun('changeNode', { ...peer1, cpu: '1', storage: '4Gi' });
    await client.until(id, 'waiting');
    await says(notGrown);
    const { problem } = await client.until(id, 'failed');
    assert.match(problem?.message ?? '', /the claim stays at 3Gi/);
    assert.match(problem?.nextAction ?? '', /or cancel it, and all but the size is as it was/);
    await client.ask('mutation($id: ID!) { cancelOperation(id: $id) { state } }', { id });
    const { log } = await client.until(id, 'cancelled');
    assert.match(log.map(({ message }) => message).join('\n'), /the size that was asked for stays: a volume cannot become smaller/);
    assert.deepEqual(await specOf(), { ...before, storage: { size: '4Gi', className: 'fast' } });
  });

  test('a node whose volume has not grown is restarted and changed like any other', async () => {
    for (const [mutation, wish] of [['restartNode', {}], ['changeNode', { memory: '1536Mi' }]] as const) {
      const id = await client.begun(mutation, { ...peer1, ...wish });
      await client.until(id, 'waiting');
      await says(notGrown);
      await client.until(id, 'succeeded');
    }
  });

  test('what somebody else changes is not taken back, and stays theirs', async () => {
    const ref = { namespace: core, name: 'peer1' };
    const before = await world.admin.get(node.type, ref);
    const id = await client.begun('changeNode', { ...peer1, cpu: '2', memory: '2Gi' });
    await client.until(id, 'waiting');
    await world.admin.mergePatch(node.type, ref, { spec: { resources: { memory: '4Gi' } } });
    await client.ask('mutation($id: ID!) { cancelOperation(id: $id) { state } }', { id });
    const { log } = await client.until(id, 'cancelled');
    assert.deepEqual((await specOf()).resources, { ...before?.spec.resources, memory: '4Gi' });
    assert.doesNotMatch(log.map(({ message }) => message).join('\n'), /the size that was asked for stays/, 'none was asked for');
  });

  test('what somebody writes between the look at a node and its change stays; a node that is deleted meanwhile is not made again', async () => {
    const ref = { namespace: core, name: 'peer1' };
    operator.answer = () => 'ready';
    meddle = () => world.admin.mergePatch(node.type, ref, { spec: { resources: { memory: '3Gi' } } });
    await client.until(await client.begun('changeNode', { ...peer1, cpu: '2' }), 'succeeded');
    assert.deepEqual((await specOf()).resources, { cpu: '2', memory: '3Gi' });
    await client.until(await add({ name: 'brief', channels: [] }), 'succeeded');
    const brief = { namespace: core, name: 'brief' };
    meddle = async () => {
      await world.admin.delete(node.type, brief, {});
      // Without a finalizer it has gone already.
      await world.admin.mergePatch(node.type, brief, { metadata: { finalizers: null } }).catch((error: unknown) => assert.ok(isNotFound(error), String(error)));
    };
    const { problem } = await client.until(await client.begun('changeNode', { ...peer1, name: 'brief', cpu: '2' }), 'failed');
    assert.equal(problem?.code, 'NOT_FOUND');
    assert.equal(await world.admin.get(node.type, brief), undefined);
    operator.answer = (object) => (object.kind === 'Node' && object.metadata.name === 'peer1' ? 'nothing' : 'ready');
  });

  test('a change of a node owns the fields that it changes, and a node that is written by another way none of the rest', async () => {
    const ref = { namespace: core, name: 'byhand' };
    const labels = (await world.admin.get(node.type, { namespace: core, name: 'peer1' }))?.metadata.labels ?? {};
    await world.admin.apply(node.type, { metadata: { ...ref, labels }, spec: { member: 'core', role: 'peer', version: '3.1', resources: { cpu: '1', memory: '1Gi' }, storage: { size: '1Gi' }, exposure: 'Local' } });
    operator.answer = () => 'ready';
    while ((await client.begin('changeNode', { ...peer1, name: 'byhand', memory: '2Gi' }, { dryRun: true })).errors !== undefined);
    await client.until(await client.begun('changeNode', { ...peer1, name: 'byhand', memory: '2Gi' }), 'succeeded');
    await client.until(await client.begun('restartNode', { ...peer1, name: 'byhand' }), 'succeeded');
    const made = (await world.admin.get(node.type, ref)) ?? assert.fail('it is not there');
    const { managedFields = [] } = made.metadata as { managedFields?: { manager: string; subresource?: string; fieldsV1: Record<string, unknown> }[] };
    const own = managedFields.filter(({ manager, subresource }) => manager === fieldManagers.controlPlane && subresource === undefined);
    assert.deepEqual(own.map(({ fieldsV1 }) => fieldsV1['f:spec']), [{ 'f:resources': { 'f:memory': {} }, 'f:restartedAt': {} }]);
    await client.until(await client.begun('removeNode', { ...peer1, name: 'byhand', confirmName: 'byhand', deleteData: true }), 'succeeded');
    operator.answer = (object) => (object.kind === 'Node' && object.metadata.name === 'peer1' ? 'nothing' : 'ready');
  });

  test('a change that a controller cannot carry out fails with what it says', async () => {
    const id = await client.begun('changeNode', { ...peer1, memory: '2Gi' });
    await client.until(id, 'waiting');
    await says([{ type: 'Ready', reason: 'KeyMissing', message: 'its keys are gone' }, { type: 'Stalled', reason: 'KeyMissing', message: 'its keys are gone' }]);
    assert.match((await client.until(id, 'failed')).problem?.message ?? '', /its keys are gone/);
    operator.answer = () => 'ready';
    await client.ask('mutation($id: ID!) { retryOperation(id: $id) { state } }', { id });
    await says([]);
    await client.until(id, 'succeeded');
  });

  test('a peer is removed from the consents first; under its name it comes back with what was kept', async () => {
    assert.equal(await refused('removeNode', peer1), 'CONFIRMATION_NEEDED confirmName');
    await client.until(await client.begun('removeNode', { ...peer1, confirmName: 'peer1' }), 'succeeded');
    assert.equal(await world.admin.get(node.type, { namespace: core, name: 'peer1' }), undefined);
    assert.deepEqual(await peersOf(), [['peer0'], ['peer0']]);
    const planned = async (): Promise<string> => {
      const { data } = await client.ask<{ addNode: { plan: { sentences: string[] } } }>('mutation($input: AddNodeInput!) { addNode(input: $input, dryRun: true) { plan { sentences } } }', { input: { ...peer1, role: 'peer' } });
      return data.addNode.plan.sentences[0] ?? '';
    };
    assert.match(await planned(), /comes back with its keys and its ledger/);
    await client.until(await add(), 'succeeded');
    assert.deepEqual((await specOf()).storage, { size: '4Gi', className: 'fast' }, 'its volume is what it was, whatever new ones are by default');
    await client.until(await client.begun('removeNode', { ...peer1, confirmName: 'peer1', deleteData: true }), 'succeeded');
    assert.match(await planned(), /gets a peer peer1, with keys and a volume of its own/);
  });

  test('logs are read and followed as the pod’s', async () => {
    logs.set(`${core}/peer0-0`, ['one', 'two', 'three'].map(line));
    const { data, errors } = await client.ask<{ consortium: { nodes: { id: string; member: string; name: string; log: { at: string; level: string; text: string }[] }[] } }>(
      'query { consortium(name: "trial") { nodes { id member name log(lines: 2) { at level text } } } }',
    );
    assert.equal(errors, undefined, JSON.stringify(errors));
    const own = data.consortium.nodes.find(({ member, name }) => member === 'core' && name === 'peer0');
    assert.deepEqual(own?.log, ['two', 'three'].map((text) => ({ at: '2026-01-01T00:00:00.000Z', level: 'info', text: `[peer] ${text}` })));
    assert.deepEqual(data.consortium.nodes.find(({ name }) => name === 'orderer0')?.log, [], 'no pod, no log');
    const leave = new AbortController();
    const seen: string[] = [];
    await subscribe<{ nodeLog: { text: string }[] }>(url, token, 'subscription($id: ID!) { nodeLog(id: $id, lines: 1) { text } }', { id: own?.id ?? '' }, ({ data: { nodeLog } }) => {
      seen.push(...nodeLog.map(({ text }) => text));
      leave.abort();
    }, leave.signal).catch((error: unknown) => leave.signal.aborted || Promise.reject(error));
    assert.deepEqual(seen, ['[peer] three']);
    for (const [args, path] of [['lines: 0', 'lines'], ['lines: 1001', 'lines'], ['search: ""', 'search']]) {
      const answer = await client.ask(`query { consortium(name: "trial") { nodes { log(${args}) { text } } } }`);
      assert.deepEqual([answer.errors?.[0]?.extensions.code, answer.errors?.[0]?.extensions.path], ['INVALID_INPUT', path]);
    }
    const dear = await client.ask('query { consortia(first: 100) { edges { node { nodes { log(lines: 1000) { at level text } } } } } }');
    assert.equal(dear.errors?.[0]?.extensions.code, 'TOO_COSTLY');
    assert.ok(asked.every(({ ref }) => ref.namespace?.startsWith('gh-trial--')));
  });

  test('a contract’s instance has a log too, when there is one', async () => {
    const members = async (): Promise<{ name: string; log: { text: string }[] }[]> => {
      const { data, errors } = await client.ask<{ consortium: { contracts: { members: { name: string; log: { text: string }[] }[] }[] } }>('query { consortium(name: "trial") { contracts { members { name log { text } } } } }');
      assert.equal(errors, undefined, JSON.stringify(errors));
      return data.consortium.contracts[0]?.members ?? [];
    };
    const progress = { name: 'core', consented: true, installed: true, sameCode: true, approved: true, running: true };
    await world.admin.mergePatch(contract.type, { namespace: 'gh-trial', name: 'note' }, { status: { members: [progress] } }, { subresource: 'status' });
    await world.admin.mergePatch(contractInstallation.type, { namespace: core, name: 'note' }, { status: { instance: { name: 'note-0123456789', address: '127.0.0.1:1', artifactDigest: `sha256:${'ab'.repeat(32)}`, ready: true } } }, { subresource: 'status' });
    logs.set(`${core}/note-0123456789-0`, [JSON.stringify({ level: 'info', time: '2026-01-01T00:00:00Z', msg: 'serves' })]);
    for (;;) {
      const found = await members();
      if (found[0]?.log[0] === undefined) continue;
      assert.deepEqual(found, [{ name: 'core', log: [{ text: 'serves' }] }, { name: 'bank', log: [] }]);
      return;
    }
  });
});
