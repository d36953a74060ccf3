import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger as logger, systemClock } from '@guildhall/kubernetes';
import { createLedgerGateway } from '@guildhall/ledger-gateway';
import { consortium, contractInstallation } from '@guildhall/resources';
import { goProgram } from '../../images/src/parts/go-program.ts';
import { fabricPrograms } from '../../packages/fabric/test/nodes/programs.ts';
import { isReady } from '../src/outcome.ts';
import { writeNetwork } from './network.ts';
import { startWorld } from './world.ts';

const image = `registry.example/notary@sha256:${'ab'.repeat(32)}`;
const document = createHash('sha256').update('a document').digest('hex');

test('a contract in Go is run as an image, and peers call it by TLS under its package id', async (t) => {
  // The pod has a /tmp of its own, so nothing that it is started from may lie there.
  process.env['TMPDIR'] = '/var/tmp';
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-notary-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'notary');
  await goProgram(resolve(import.meta.dirname, '../../examples/notary'), program);
  const world = await startWorld({ fabric: dirname(fabricPrograms().path('peer')), images: { [image]: program }, logger });
  t.after(() => world.stop());
  const operator = world.startOperator();
  t.after(() => operator.stop());
  await writeNetwork(world.clients.controlPlane, { name: 'trial', orderers: 1, peers: ['acme', 'bank'], image });
  for (let patience = 1800; ; patience -= 1) {
    const found = await world.clients.controlPlane.get(consortium.type, { namespace: 'gh-trial', name: 'trial' });
    if (found !== undefined && isReady(found)) break;
    if (patience === 0) assert.fail(JSON.stringify((await world.clients.controlPlane.list(contractInstallation.type)).items.map(({ status }) => status)));
    await delay(100);
  }
  const gateway = createLedgerGateway({ client: world.clients.ledgerGateway, clock: systemClock, ids: randomUUID, logger });
  t.after(() => gateway.close());
  const call = (member: string, name: string, ...args: string[]) => ({ consortium: 'trial', channel: 'trade', contract: 'receivable', member, function: name, args });
  const { endorsers } = await gateway.submitTransaction(call('acme', 'Record', document, 'Bill of lading 17'));
  assert.deepEqual(endorsers.toSorted(), ['acme', 'bank']);
  const { recorder, title } = JSON.parse(await gateway.evaluateTransaction(call('bank', 'Read', document))) as { recorder: string; title: string };
  assert.deepEqual({ recorder, title }, { recorder: 'AcmeMSP', title: 'Bill of lading 17' });
  await assert.rejects(gateway.submitTransaction(call('bank', 'Record', document, 'Mine')), /was recorded by AcmeMSP/);
});
