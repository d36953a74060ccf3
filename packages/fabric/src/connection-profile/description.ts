/** A node as an application reaches it. */
export interface ReachableNode {
  readonly name: string;
  /** `host:port`. */
  readonly address: string;
  /** A DNS name in its TLS certificate, for whoever reaches it under another address. */
  readonly hostName: string | undefined;
}

export interface ConnectedMember {
  readonly name: string;
  readonly mspId: string;
  /** PEM of the root of its nodes' TLS certificates; its nodes send what is between. */
  readonly tlsRoot: string;
  /** Its peers count in endorsement policies. */
  readonly endorsing: boolean;
  /** In the channel; the one to be asked first comes first. */
  readonly peers: readonly ReachableNode[];
  /** Of the channel. */
  readonly orderers: readonly ReachableNode[];
}

/** A channel as the applications of one of its members see it. */
export interface Connection {
  readonly consortium: string;
  readonly channel: string;
  /** The member whose applications they are; one of `members`, with a peer at least. */
  readonly client: ConnectedMember;
  readonly members: readonly ConnectedMember[];
}

/** Unique among all nodes of a consortium. */
export const nodeName = (member: ConnectedMember, { name }: ReachableNode): string => `${name}.${member.name}`;
