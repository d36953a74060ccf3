import { createHash } from 'node:crypto';

/**
 * Which consenter, by its place in the first block, begins the first election of a new Raft channel; no other one does before 10 ticks
 * (orderer/consensus/etcdraft/node.go, start: SHA-256 of the channel's name from its 25th byte on, read as a protobuf varint).
 */
export function firstCandidate(channel: string, consenters: number): number {
  const bytes = createHash('sha256').update(channel).digest().subarray(24);
  const end = bytes.findIndex((byte) => byte < 0x80);
  const number = bytes.subarray(0, end + 1).reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n);
  return Number(number % BigInt(consenters));
}
