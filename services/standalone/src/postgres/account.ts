import { readFile } from 'node:fs/promises';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root; then it runs as one of these, whichever the machine has first. */
const candidates = ['postgres', 'nobody'];

/** Who PostgreSQL runs as: undefined for the account that runs Guildhall, unless that is root. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').flatMap((line): Account[] => {
    const [name, , uid, gid] = line.split(':');
    return name === undefined || uid === undefined || gid === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }];
  });
  for (const name of candidates) {
    const account = accounts.find((each) => each.name === name);
    if (account && account.uid !== 0) return account;
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has none of the accounts ${candidates.join(', ')}: start Guildhall as another user`);
}
