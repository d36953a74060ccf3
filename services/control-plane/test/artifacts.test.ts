import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ControlPlane } from '../src/index.ts';
import { ask, catalogue, startWorld, type World } from './world.ts';

let world: World;
let controlPlane: ControlPlane;
before(async () => {
  world = await startWorld();
  controlPlane = await world.start();
});
after(async () => {
  await controlPlane.stop();
  await world.stop();
});
const fetched = (digest: string): Promise<Response> => fetch(`${controlPlane.url}/artifacts/${digest.replace(':', '/')}`);

test('the code of a template is there under the digest that the API tells, though nobody has deployed it', async () => {
  const token = await controlPlane.tokens.issueAdminToken();
  const { data } = await ask<{ templates: { versions: { version: string; artifactDigest: string }[] }[] }>(controlPlane.url, token, '{ templates { versions { version artifactDigest } } }');
  const second = data.templates[0]?.versions.find(({ version }) => version === '2.0.0');
  assert.equal(second?.artifactDigest, (await catalogue.build('note', '2.0.0')).digest);
  assert.equal(await (await fetched(second.artifactDigest)).text(), '// note 2.0.0');
  assert.deepEqual(await world.query('select template, template_version from artifacts'), [{ template: 'note', template_version: '2.0.0' }], 'its metadata and source are known from now on');
});

test('code that is no template’s and was never deployed is not there', async () => {
  assert.equal((await fetched(`sha256:${'0'.repeat(64)}`)).status, 404);
});
