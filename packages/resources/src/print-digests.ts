import { text } from 'node:stream/consumers';
import { documentDigests } from './document-digests.ts';

// YAML documents in, the digests that consents to their Channels and Contracts pin out.

try {
  for (const line of documentDigests(await text(process.stdin))) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
