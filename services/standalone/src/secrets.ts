import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writePrivateFile } from './private-file.ts';

const secret = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.strictObject({
  /** Passwords of the database's roles. */
  database: z.strictObject({ administrator: secret, controlPlane: secret, certificateAuthority: secret, localCluster: secret }),
  /** Tokens of the components at the local cluster. */
  cluster: z.strictObject({ installer: secret, controlPlane: secret, operator: secret, certificateAuthority: secret, ledgerGateway: secret }),
});
export type Secrets = z.infer<typeof schema>;

export class SecretsDamagedError extends Error {
  override name = 'SecretsDamagedError';
}

export const secretsFile = (home: string): string => join(home, 'secrets.json');

const fresh = (): string => randomBytes(32).toString('hex');

/** Made once, at the first start of a home; nothing has a default password. */
export async function openSecrets(home: string): Promise<Secrets> {
  const path = secretsFile(home);
  const text = await readIfThere(path);
  if (text !== undefined) return parse(text, path);
  const secrets: Secrets = {
    database: { administrator: fresh(), controlPlane: fresh(), certificateAuthority: fresh(), localCluster: fresh() },
    cluster: { installer: fresh(), controlPlane: fresh(), operator: fresh(), certificateAuthority: fresh(), ledgerGateway: fresh() },
  };
  await writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function parse(text: string, path: string): Secrets {
  let found: z.ZodSafeParseResult<Secrets> | undefined;
  try {
    found = schema.safeParse(JSON.parse(text));
  } catch {
    // The parser's message quotes the text.
  }
  if (found?.success) return found.data;
  throw new SecretsDamagedError(`${path} is damaged: restore it from a backup; without it the database of this home cannot be opened`);
}
