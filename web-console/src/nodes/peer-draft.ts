import type { AddNodeInput } from '../graphql/generated/graphql.ts';

export interface PeerDraft {
  member: string;
  name: string;
  /** Undefined: every channel that the member takes part in. */
  channels: readonly string[] | undefined;
  cpu: string;
  memory: string;
  storage: string;
  storageClass: string;
}

/** The first of peer0, peer1 … that the member does not have. */
export function freePeerName(taken: readonly string[]): string {
  for (let number = 0; ; number += 1) {
    if (!taken.includes(`peer${number}`)) return `peer${number}`;
  }
}

/** What is sent; what is left empty is left out. */
export function inputOfPeer(consortium: string, { member, name, channels, cpu, memory, storage, storageClass }: PeerDraft): AddNodeInput {
  const given = (key: string, text: string) => (text.trim() === '' ? {} : { [key]: text.trim() });
  return {
    consortium, member, name: name.trim(), role: 'peer', ...(channels === undefined ? {} : { channels }),
    ...given('cpu', cpu), ...given('memory', memory), ...given('storage', storage), ...given('storageClass', storageClass),
  };
}
