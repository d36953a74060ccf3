import assert from 'node:assert/strict';
import test from 'node:test';
import { common } from '@hyperledger/fabric-protos';
import * as fc from 'fast-check';
import {
  type ChannelConfiguration,
  type ConfigChange,
  applyConfigUpdate,
  buildGenesisBlock,
  computeConfigUpdate,
  configFromBlock,
  decodeConfiguration,
  describeChanges,
  parsePolicy,
  reviseConfig,
} from '../src/index.ts';
import { exampleChannel, mspOf, seed } from './example-channel.ts';
import { fabricUpdate, scratchFolder, translate } from './oracle/tools.ts';
import { createMember } from './nodes/member.ts';

const channel = 'trade';
const clone = (config: common.Config): common.Config => common.Config.deserializeBinary(config.serializeBinary());

/** Ours equals configtxlator's in meaning, and applying it leads to what was wanted. */
async function compareWithConfigtxlator(folder: string, original: common.Config, updated: common.Config): Promise<void> {
  const ours = computeConfigUpdate(channel, original, updated);
  const theirs = await fabricUpdate(folder, channel, original.serializeBinary(), updated.serializeBinary());
  assert.deepEqual(await translate(folder, 'common.ConfigUpdate', ours), await translate(folder, 'common.ConfigUpdate', theirs));
  const applied = applyConfigUpdate(original, ours);
  assert.equal(applied.channel, channel);
  assert.deepEqual(describeChanges(applied.config, updated), [], 'applying the update gives what was wanted');
}

const { configuration } = await exampleChannel('raft');
const genesis = configFromBlock(buildGenesisBlock(configuration, seed()));

function revised(change: (configuration: ChannelConfiguration) => ChannelConfiguration, from: common.Config = genesis): common.Config {
  return reviseConfig(from, change(decodeConfiguration(channel, from)));
}

const words = (changes: readonly ConfigChange[]): [string, string][] =>
  changes.map(({ words, governedBy }) => [words.replaceAll(/\([0-9a-f]{16}\)/g, '(…)'), governedBy]);

test('a member joins: update, effect, words and whose signatures it needs', async () => {
  await using folder = await scratchFolder();
  const C = await createMember('CMSP');
  const updated = revised((present) => ({
    ...present,
    applicationOrganizations: [...present.applicationOrganizations, { name: 'CMSP', msp: mspOf(C), anchorPeers: [] }],
  }));
  await compareWithConfigtxlator(folder.path, genesis, updated);
  const [[text, governedBy]] = words(describeChanges(genesis, updated)) as [[string, string]];
  assert.equal(governedBy, '/Channel/Application/Admins');
  assert.match(
    text,
    /^CMSP joins \/Channel\/Application with MSP: mspId CMSP, .*certificate of .*CMSP signing root.*; policy Admins: none → CMSP admin; policy Endorsement: none → CMSP peer;/,
  );
});

test('the ordinary changes are said in words, each with the policy that governs it', async () => {
  await using folder = await scratchFolder();
  const updated = revised((present) => ({
    ...present,
    batch: { ...present.batch, maxMessageCount: 100, timeoutMs: 2000 },
    applicationOrganizations: present.applicationOrganizations.map((member) => ({
      ...member,
      anchorPeers: member.name === 'AMSP' ? [] : [{ host: 'peer.b', port: 7051 }],
    })),
    policies: {
      ...present.policies,
      application: { ...present.policies?.application, LifecycleEndorsement: parsePolicy(`OutOf(2, 'AMSP.peer', 'B-MSP.peer')`) },
    },
    acls: { 'qscc/GetBlockByNumber': '/Channel/Application/Readers', 'qscc/GetChainInfo': '/Channel/Application/Readers' },
  }));
  await compareWithConfigtxlator(folder.path, genesis, updated);
  assert.deepEqual(words(describeChanges(genesis, updated)), [
    [
      'Application: ACLs: qscc/GetBlockByNumber /Channel/Application/Admins → /Channel/Application/Readers, + qscc/GetChainInfo /Channel/Application/Readers',
      '/Channel/Application/Admins',
    ],
    ['Application/AMSP: AnchorPeers is removed', '/Channel/Application/AMSP/Admins'],
    ['Application/B-MSP: AnchorPeers: peer.b:7051', '/Channel/Application/B-MSP/Admins'],
    [
      'Application: policy LifecycleEndorsement: more than half of the members (by its own "Endorsement" policy) → all of: AMSP peer, B-MSP peer',
      '/Channel/Application/Admins',
    ],
    ['Orderer: BatchSize: maxMessageCount 500 → 100', '/Channel/Orderer/Admins'],
    ['Orderer: BatchTimeout: timeoutMs 200 → 2000', '/Channel/Orderer/Admins'],
  ]);
});

test('what does not change keeps its bytes and versions, and nothing to do is said', () => {
  assert.deepEqual(revised((present) => present).serializeBinary(), genesis.serializeBinary());
  assert.throws(() => computeConfigUpdate(channel, genesis, clone(genesis)), { name: 'ConfigError', code: 'NO_DIFFERENCE' });
});

test('an update computed from another configuration is a conflict', () => {
  const first = computeConfigUpdate(
    channel,
    genesis,
    revised((present) => ({ ...present, batch: { ...present.batch, timeoutMs: 300 } })),
  );
  const { config } = applyConfigUpdate(genesis, first);
  assert.equal(config.getSequence(), 1);
  assert.throws(() => applyConfigUpdate(config, first), {
    code: 'CONFIG_CONFLICT',
    message: /writes \/Channel\/Orderer\/BatchTimeout as version 1 where version 2 is next/,
  });
});

test('under BFT the quorum follows the consenters', async () => {
  await using folder = await scratchFolder();
  const bft = (await exampleChannel('bft')).configuration;
  const before = configFromBlock(buildGenesisBlock(bft, seed()));
  const updated = revised((present) => {
    assert.ok(present.ordering.type === 'bft');
    return { ...present, ordering: { ...present.ordering, consenters: present.ordering.consenters.slice(0, 3) } };
  }, before);
  await compareWithConfigtxlator(folder.path, before, updated);
  const paths = describeChanges(before, updated).map(({ path }) => path);
  assert.deepEqual(paths, ['/Channel/Orderer/BlockValidation', '/Channel/Orderer/Orderers']);
});

type Edit = (config: common.Config, pick: (count: number) => number) => void;

/** Every group with its path-like depth, to edit at any place. */
function groupsOf(group: common.ConfigGroup): common.ConfigGroup[] {
  return [group, ...[...group.getGroupsMap().entries()].flatMap(([, child]) => groupsOf(child))];
}

const pickGroup = (config: common.Config, pick: (count: number) => number): common.ConfigGroup => {
  const groups = groupsOf(config.getChannelGroup()!);
  return groups[pick(groups.length)]!;
};
const pickKey = (map: { keys(): Iterable<string> }, pick: (count: number) => number): string | undefined => {
  const keys = [...map.keys()];
  return keys[pick(Math.max(1, keys.length))];
};

const EDITS: Record<string, Edit> = {
  'change a value': (config, pick) => {
    const values = pickGroup(config, pick).getValuesMap();
    const key = pickKey(values, pick);
    if (key !== undefined) values.get(key)!.setValue(capabilityBytes(pick(1000)));
  },
  'change a mod_policy of a value': (config, pick) => {
    const values = pickGroup(config, pick).getValuesMap();
    const key = pickKey(values, pick);
    if (key !== undefined) values.get(key)!.setModPolicy(`Policy${pick(3)}`);
  },
  'change a mod_policy of a group': (config, pick) => pickGroup(config, pick).setModPolicy(`Policy${pick(3)}`),
  'change a mod_policy of a policy': (config, pick) => {
    const policies = pickGroup(config, pick).getPoliciesMap();
    const key = pickKey(policies, pick);
    if (key !== undefined) policies.get(key)!.setModPolicy('Writers');
  },
  'remove a value': (config, pick) => {
    const values = pickGroup(config, pick).getValuesMap();
    const key = pickKey(values, pick);
    if (key !== undefined) values.del(key);
  },
  'remove a policy': (config, pick) => {
    const policies = pickGroup(config, pick).getPoliciesMap();
    const key = pickKey(policies, pick);
    if (key !== undefined) policies.del(key);
  },
  'remove a group': (config, pick) => {
    const groups = pickGroup(config, pick).getGroupsMap();
    const key = pickKey(groups, pick);
    if (key !== undefined) groups.del(key);
  },
  'add a value': (config, pick) => {
    const value = new common.ConfigValue();
    value.setValue(capabilityBytes(pick(1000)));
    value.setModPolicy('Admins');
    pickGroup(config, pick).getValuesMap().set('Capabilities', value);
  },
  'add a group': (config, pick) => {
    const group = new common.ConfigGroup();
    group.setModPolicy('Admins');
    const child = new common.ConfigGroup();
    child.setModPolicy('Admins');
    group.getGroupsMap().set('Child', child);
    config
      .getChannelGroup()!
      .getGroupsMap()
      .get(pick(2) === 0 ? 'Application' : 'Orderer')
      ?.getGroupsMap()
      .set(`New${pick(3)}`, group);
  },
  'change a version': (config, pick) => {
    const group = pickGroup(config, pick);
    group.setVersion(group.getVersion() + pick(3));
  },
};

/** Bytes that configtxlator can decode whatever value they stand for: field 1 as a message or text. */
function capabilityBytes(n: number): Uint8Array {
  const name = Buffer.from(`V${n}`);
  return Buffer.concat([Buffer.from([0x0a, name.length + 2, 0x0a, name.length]), name]);
}

test('any edits give the update that configtxlator computes', async () => {
  await using folder = await scratchFolder();
  const edit = fc.record({ name: fc.constantFrom(...Object.keys(EDITS)), picks: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }) });
  const editAll = (config: common.Config, edits: readonly { name: string; picks: readonly number[] }[]): common.Config => {
    for (const { name, picks } of edits) {
      let next = 0;
      EDITS[name]!(config, (count) => picks[next++ % picks.length]! % count);
    }
    return config;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 4 }), fc.array(edit, { minLength: 1, maxLength: 5 }), async (history, edits) => {
      const original = editAll(clone(genesis), history);
      const updated = editAll(
        clone(original),
        edits.filter(({ name }) => name !== 'change a version'),
      );
      let ours: Uint8Array;
      try {
        ours = computeConfigUpdate(channel, original, updated);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'NO_DIFFERENCE');
        await assert.rejects(
          fabricUpdate(folder.path, channel, original.serializeBinary(), updated.serializeBinary()),
          /no differences detected/,
        );
        return;
      }
      const theirs = await fabricUpdate(folder.path, channel, original.serializeBinary(), updated.serializeBinary());
      // As messages, not as JSON: the values of random edits need not be what their keys stand for.
      assert.deepEqual(common.ConfigUpdate.deserializeBinary(theirs).toObject(), common.ConfigUpdate.deserializeBinary(ours).toObject());
      const applied = applyConfigUpdate(original, ours);
      assert.throws(() => computeConfigUpdate(channel, applied.config, updated), { code: 'NO_DIFFERENCE' });
    }),
    { numRuns: 60 },
  );
});
