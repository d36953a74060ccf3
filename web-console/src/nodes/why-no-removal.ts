interface Node {
  readonly member: string;
  readonly name: string;
  readonly role: string;
}

export type NoRemoval = 'orderer' | 'onlyPeer';

/** What is plain without asking; the plan says what else stands against it. */
export function whyNoRemoval(node: Node, nodes: readonly Node[]): NoRemoval | undefined {
  if (node.role === 'orderer') return 'orderer';
  const others = nodes.filter(({ member, name, role }) => role === 'peer' && member === node.member && name !== node.name);
  return others.length === 0 ? 'onlyPeer' : undefined;
}
