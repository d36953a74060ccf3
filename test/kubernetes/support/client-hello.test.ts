import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { serverNameOf } from './client-hello.ts';

test('the name that a client of TLS asks for is read from what it sends, as soon as all of it is there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connectTcp((server.address() as AddressInfo).port, '127.0.0.1');
  const client = connect({ socket, servername: 'peer0.core.harbour.ledger.example' }).on('error', () => undefined);
  const [served] = (await once(server, 'connection')) as [import('node:net').Socket];
  const [hello] = (await once(served, 'data')) as [Buffer];
  assert.equal(serverNameOf(hello), 'peer0.core.harbour.ledger.example');
  assert.equal(serverNameOf(hello.subarray(0, 100)), undefined);
  client.destroy();
  served.destroy();
  server.close();
});
