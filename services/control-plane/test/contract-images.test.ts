import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { contract, contractInstallation } from '@guildhall/resources';
import type { ControlPlane } from '../src/index.ts';
import { createClient, smallConsortium, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

const digest = (letters: string): string => `sha256:${letters.repeat(32)}`;
const image = (letters: string): string => `registry.example/notary@${digest(letters)}`;

describe('contracts as images', { timeout: 600_000 }, () => {
  let world: World;
  let operator: ScriptedOperator;
  let plane: ControlPlane;
  let client: Client;
  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    plane = await world.start({ imageRegistries: ['registry.example'] });
    client = createClient(() => plane.url, await plane.tokens.issueAdminToken());
    await client.until(await client.begun('createConsortium', smallConsortium('trade')), 'succeeded');
  });
  after(async () => {
    operator.stop();
    await plane.stop();
    await world.stop();
  });

  const named = async (): Promise<(string | undefined)[]> => [
    (await world.admin.get(contract.type, { namespace: 'gh-trade', name: 'notary' }))?.spec.image,
    ...(await world.admin.list(contractInstallation.type)).items.filter(({ metadata }) => metadata.name === 'notary').map(({ spec }) => spec.image),
  ];

  test('the definition and the consent of each member name the image, and its versions are told by their digests', async () => {
    await client.until(await client.begun('deployContract', { consortium: 'trade', channel: 'trade', name: 'notary', image: image('ab'), version: '1' }), 'succeeded');
    assert.deepEqual(await named(), [image('ab'), image('ab'), image('ab')]);
    await client.until(await client.begun('upgradeContract', { consortium: 'trade', name: 'notary', image: image('cd'), version: '2' }), 'succeeded');
    const { data } = await client.ask<{ consortium: { contracts: Record<string, unknown>[] } }>('{ consortium(name: "trade") { contracts { name image artifactDigest source { entry } metadata versions { version artifactDigest source { entry } } } } }');
    assert.deepEqual(data.consortium.contracts.find(({ name }) => name === 'notary'), {
      name: 'notary', image: image('cd'), artifactDigest: digest('cd'), source: null, metadata: null,
      versions: [{ version: '2', artifactDigest: digest('cd'), source: null }, { version: '1', artifactDigest: digest('ab'), source: null }],
    });
  });

  test('the same image again is no upgrade, and a contract changes from what is built here to an image and back', async () => {
    const { errors } = await client.begin('upgradeContract', { consortium: 'trade', name: 'notary', image: image('cd'), version: '2' });
    assert.equal(errors?.[0]?.extensions.code, 'CONFLICT');
    await client.until(await client.begun('upgradeContract', { consortium: 'trade', name: 'notary', template: 'note', version: '1.0.0' }), 'succeeded');
    assert.deepEqual(await named(), [undefined, undefined, undefined]);
  });
});
