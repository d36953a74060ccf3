import type { Node } from '@guildhall/resources';
import { conditionsOf } from '../projections/conditions.ts';

/** On a channel that is at work a node is always a moment behind: after so long it is enough that it misses nothing that others have had for a while. */
const enoughAfterMs = 5000;

/** What a node that has joined these channels still lacks, in words; undefined when it has all blocks. */
export function lacks(node: Node | undefined, channels: readonly string[], waitedMs: number): string | undefined {
  const shown = node?.status?.channels ?? [];
  const missing = channels.filter((name) => !shown.some((channel) => channel.name === name));
  if (missing.length > 0) return `it does not show channel ${missing.join(', ')} yet`;
  const behind = conditionsOf(node).find(({ type, status, reason }) => type === 'Degraded' && status === 'True' && reason === 'BehindOthers');
  if (behind !== undefined) return behind.message;
  const lagging = shown.filter(({ name, lag }) => channels.includes(name) && lag > 0);
  return lagging.length === 0 || waitedMs >= enoughAfterMs ? undefined : lagging.map(({ name, height, lag }) => `it has block ${height} of ${height + lag} on channel ${name}`).join(', ');
}
