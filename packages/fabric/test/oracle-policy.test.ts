import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import {
  CUSTOMARY_POLICIES,
  configFromBlock,
  encodePolicy,
  outOf,
  parsePolicy,
  printPolicy,
  signedByRole,
  type SignatureRule,
} from '../src/index.ts';
import * as fc from 'fast-check';
import { exampleChannel } from './example-channel.ts';
import { writeConfigtx } from './oracle/configtx.ts';
import { fabricTool, scratchFolder } from './oracle/tools.ts';

const leaf = fc
  .record({ mspId: fc.constantFrom('AMSP', 'B-MSP', 'O.MSP', '1x'), role: fc.constantFrom('member', 'admin', 'client', 'peer', 'orderer') })
  .map(({ mspId, role }) => signedByRole(mspId, role));
const gate = (part: fc.Arbitrary<SignatureRule>): fc.Arbitrary<SignatureRule> =>
  fc.array(part, { minLength: 1, maxLength: 4 }).chain((rules) => fc.integer({ min: 1, max: rules.length }).map((n) => outOf(n, rules)));
const anyRule = gate(fc.oneof(leaf, gate(fc.oneof(leaf, gate(leaf)))));

test('policies mean to us, byte for byte, what configtxgen reads in them', async () => {
  await using folder = await scratchFolder();
  const { configuration } = await exampleChannel('raft');
  const written = [
    ...fc.sample(anyRule, 60).map((rule) => ({ kind: 'signature', rule }) as const),
    ...['ANY Readers', 'ALL Some.Policy-1', 'MAJORITY Endorsement'].map(parsePolicy),
  ];
  const named = Object.fromEntries(written.map((policy, index) => [`P${index}`, policy]));
  await writeConfigtx(folder.path, { ...configuration, policies: { application: { ...CUSTOMARY_POLICIES.application, ...named } } });
  const output = join(folder.path, 'block');
  await fabricTool('configtxgen', ['-profile', 'Channel', '-channelID', 'trade', '-outputBlock', output], { FABRIC_CFG_PATH: folder.path });

  const theirs = configFromBlock(await readFile(output))
    .getChannelGroup()!
    .getGroupsMap()
    .get('Application')!
    .getPoliciesMap();
  for (const [name, policy] of Object.entries(named)) {
    const ours = encodePolicy(parsePolicy(printPolicy(policy)));
    assert.deepEqual(
      Buffer.from(ours.getValue_asU8()).toString('hex'),
      Buffer.from(theirs.get(name)!.getPolicy()!.getValue_asU8()).toString('hex'),
      printPolicy(policy),
    );
    assert.equal(ours.getType(), theirs.get(name)!.getPolicy()!.getType());
  }
});
