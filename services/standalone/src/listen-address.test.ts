import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { AddressTakenError, requireFreeAddress } from './listen-address.ts';

test('a taken port is refused before anything starts, and a free one is left free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await assert.rejects(requireFreeAddress('127.0.0.1', port), (error) => error instanceof AddressTakenError && /GUILDHALL_PORT/.test(error.message));
  server.close();
  await once(server, 'close');
  await requireFreeAddress('127.0.0.1', port);
  await requireFreeAddress('127.0.0.1', port);
});

test('an address of another machine is refused by name', async () => {
  // 192.0.2.0/24 is for documentation (RFC 5737): nobody's.
  await assert.rejects(requireFreeAddress('192.0.2.1', 4000), (error) => error instanceof AddressTakenError && /192\.0\.2\.1.*GUILDHALL_HOST/.test(error.message));
});
