// A contract as a service for tests: `node server.ts`. It speaks fabric-shim and knows no base.
import { Shim, type ChaincodeStub } from 'fabric-shim';
import { readFileSync } from 'node:fs';

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

type Transition = (stub: ChaincodeStub, args: string[]) => Promise<string>;

const transitions: Record<string, Transition> = {
  put: async (stub, [key = '', value = '']) => {
    await stub.putState(key, Buffer.from(value));
    stub.setEvent('put', Buffer.from(key));
    return value;
  },
  get: async (stub, [key = '']) => Buffer.from(await stub.getState(key)).toString(),
  /** Reads before it writes: two at once conflict. */
  add: async (stub, [key = '', amount = '0']) => {
    const before = Buffer.from(await stub.getState(key)).toString() || '0';
    const after = String(BigInt(before) + BigInt(amount));
    await stub.putState(key, Buffer.from(after));
    return after;
  },
  /** Each member's instance answers differently: what a contract must never do. */
  whoRuns: async (stub, [key = '']) => {
    await stub.putState(key, Buffer.from(setting('MEMBER')));
    return setting('MEMBER');
  },
  secret: (stub) => Promise.resolve(Buffer.from(stub.getTransient().get('secret') ?? []).toString()),
  refuse: () => Promise.reject(new Error(JSON.stringify({ code: 'FORBIDDEN', message: 'only the debtor may do this', id: 'N1' }))),
};

const contract = {
  Init: () => Promise.resolve(Shim.success()),
  async Invoke(stub: ChaincodeStub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    const transition = transitions[fcn];
    if (!transition) return Shim.error(`there is no function ${fcn}`);
    try {
      return Shim.success(Buffer.from(await transition(stub, params)));
    } catch (error) {
      return Shim.error(error instanceof Error ? error.message : String(error));
    }
  },
};

const server = Shim.server(contract, {
  ccid: setting('PACKAGE_ID'),
  address: setting('ADDRESS'),
  tlsProps: { key: readFileSync(setting('TLS_KEY')), cert: readFileSync(setting('TLS_CERT')) } as {
    key: Buffer;
    cert: Buffer;
    clientCACerts: Buffer;
  },
});
await server.start();
