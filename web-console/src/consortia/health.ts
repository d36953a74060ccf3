import type { Tone } from '../ui/status.tsx';

interface Part {
  readonly ready: boolean;
}

export interface ConsortiumParts {
  readonly state: string;
  readonly ready: boolean;
  readonly nodes: readonly (Part & { readonly health: { readonly state: string } | null })[];
  readonly channels: readonly Part[];
  readonly contracts: readonly Part[];
}

/** One sentence on how a consortium is: which, with how many. */
export interface Health {
  tone: Tone;
  sentence: 'deleting' | 'deleted' | 'kept' | 'settingUp' | 'nodes' | 'channels' | 'contracts' | 'notReady' | 'good';
  count: number;
  all: number;
}

const broken: ReadonlySet<string> = new Set(['Unhealthy', 'Unreachable', 'Ended']);

/** What is worst is said. */
export function healthOf({ state, ready, nodes, channels, contracts }: ConsortiumParts): Health {
  const said = (tone: Tone, sentence: Health['sentence'], count = 0, all = 0): Health => ({ tone, sentence, count, all });
  if (state === 'deleting') return said('busy', 'deleting');
  if (state === 'deleted') return said('idle', 'deleted');
  if (state === 'kept') return said('idle', 'kept');
  const down = nodes.filter((node) => broken.has(node.health?.state ?? ''));
  if (down.length > 0) return said('bad', 'nodes', down.length, nodes.length);
  if (nodes.length === 0 || nodes.some((node) => !node.ready)) return said('busy', 'settingUp', nodes.filter((node) => node.ready).length, nodes.length);
  const notReady = (parts: readonly Part[]): number => parts.filter((part) => !part.ready).length;
  if (notReady(channels) > 0) return said('warn', 'channels', notReady(channels), channels.length);
  if (notReady(contracts) > 0) return said('warn', 'contracts', notReady(contracts), contracts.length);
  return ready ? said('good', 'good', nodes.length, nodes.length) : said('warn', 'notReady');
}
