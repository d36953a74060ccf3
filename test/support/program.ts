import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';

/** A process of ours, as a pod runs it. */
export interface Program {
  child: ChildProcess;
  /** All that it wrote to stderr so far. */
  errors(): string;
  /** Its exit code once it has ended; null after a signal. */
  ended(): Promise<number | null>;
  /** What it answers at its health address: `200 ok …`; empty while it does not. */
  asked(path: string): Promise<string>;
}

/** @param environment all of it; the health address is added */
export async function startProgram(main: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, [main], { env: { GUILDHALL_HEALTH_ADDRESS: address, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  return {
    child,
    errors: () => said.join(''),
    ended: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
    asked: (path) =>
      fetch(`http://${address}${path}`).then(
        async (answer) => `${answer.status} ${await answer.text()}`,
        () => '',
      ),
  };
}
