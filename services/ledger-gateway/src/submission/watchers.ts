import { ConnectError, createCommitWatcher, type CommitWatcher, type Connections, type NodeEndpoint, type Signer } from '@guildhall/fabric';
import type { Clock, Timer } from '@guildhall/kubernetes';

/** A stream that nobody has used for so long is closed. */
const IDLE_MS = 5 * 60_000;

/** One stream of commits for each member and channel, shared by all its transactions. */
export interface Watchers {
  of(key: string, channel: string, peers: readonly NodeEndpoint[], signer: () => Promise<Signer>): CommitWatcher;
  close(): void;
}

interface Open {
  readonly watcher: CommitWatcher;
  readonly addresses: string;
  /** Of who has used it last: the role of who opened it may be gone. */
  readonly latest: { signer: () => Promise<Signer> };
  idle: Timer;
}

export function createWatchers({ connections, clock }: { connections: Connections; clock: Clock }): Watchers {
  const open = new Map<string, Open>();
  let closed = false;
  const end = (key: string, entry: Open): void => {
    entry.idle.cancel();
    entry.watcher.close();
    if (open.get(key) === entry) open.delete(key);
  };
  const begin = (channel: string, peers: readonly NodeEndpoint[], addresses: string, signer: () => Promise<Signer>): Open => {
    const latest = { signer };
    const watcher = createCommitWatcher({ connections, peers, channel, signer: () => latest.signer() });
    return { watcher, addresses, latest, idle: { cancel: () => undefined } };
  };
  return {
    of(key, channel, peers, signer) {
      if (closed) throw new ConnectError('CANCELLED', 'The ledger gateway was closed.');
      const addresses = peers
        .map(({ address }) => address)
        .toSorted()
        .join(' ');
      const former = open.get(key);
      if (former && former.addresses !== addresses) end(key, former);
      const entry = open.get(key) ?? begin(channel, peers, addresses, signer);
      entry.latest.signer = signer;
      entry.idle.cancel();
      entry.idle = clock.setTimeout(() => end(key, entry), IDLE_MS);
      open.set(key, entry);
      return entry.watcher;
    },
    close() {
      closed = true;
      for (const [key, entry] of open) end(key, entry);
    },
  };
}
