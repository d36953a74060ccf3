import { catalogueEntry } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import { machine, median, round, table, type BenchResult } from '../report.ts';
import { bringUpWithFabricTools, type Stages } from './fabric-tools.ts';
import { startBenchedGuildhall } from './guildhall.ts';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const keys = ['tools', 'production', 'sandbox'] as const;
type Key = (typeof keys)[number];
const limits = { production: 0.8, sandbox: 0.35 };

const initArgument = (mspIds: readonly string[]): string =>
  JSON.stringify({
    requestId: 'bench-init',
    config: {
      parties: mspIds.map((mspId, index) => ({ mspId, roles: ['admin', index === 0 ? 'debtor' : 'supplier'] })),
      clock: { timekeepers: mspIds, quorum: 1, skewSec: 300 },
      settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
    },
  });

const total = (stages: Stages): number => stages.find(([name]) => name === 'total')?.[1] ?? stages.reduce((sum, [, seconds]) => sum + seconds, 0);

function stageTable(title: string, runs: readonly Stages[]): string {
  const names = runs[0]?.map(([name]) => name).filter((name) => name !== 'total') ?? [];
  const row = (name: string, values: number[]): string[] => [name, round(Math.min(...values), 2).toFixed(2), round(median(values), 2).toFixed(2), round(Math.max(...values), 2).toFixed(2)];
  const rows = names.map((name) => row(name, runs.map((stages) => stages.find(([each]) => each === name)?.[1] ?? 0)));
  return `${table([[title, 'min s', 'median s', 'max s'], ...rows, row('total', runs.map(total))])}\n`;
}

/**
 * From the mutation to the first committed transaction that two members endorsed: Guildhall in both profiles against
 * Fabric's own tools, one after the other with Fabric's defaults, in turns within one run. Programs and images are there. A first turn is told, but does not
 * count: Guildhall has just started, and most of its code is compiled when it first runs.
 */
export async function networkBench(): Promise<BenchResult> {
  const entry = catalogueEntry.versions[0]?.entry ?? '';
  const code = await buildContract({ entry });
  const guildhall = await startBenchedGuildhall();
  const runs: Record<Key, Stages[]> = { tools: [], production: [], sandbox: [] };
  const first: Record<Key, number> = { tools: 0, production: 0, sandbox: 0 };
  try {
    for (let turn = 0; turn <= rounds; turn += 1) {
      const stages = {
        tools: await bringUpWithFabricTools(code, initArgument),
        production: await guildhall.bringUp('production', initArgument),
        sandbox: await guildhall.bringUp('sandbox', initArgument),
      };
      if (turn === 0) for (const key of keys) first[key] = total(stages[key]);
      else for (const key of keys) runs[key].push(stages[key]);
      console.error(turn === 0 ? 'the turn that does not count' : `turn ${turn} of ${rounds}`);
    }
  } finally {
    await guildhall.stop();
  }
  console.log(`network: 3 Raft orderers of an ordering member, 2 members with a peer each, a channel, a contract; ${rounds} turns; ${machine()}\n`);
  console.log(stageTable("Fabric's tools, defaults", runs.tools));
  console.log(stageTable('Guildhall, production profile', runs.production));
  console.log(stageTable('Guildhall, sandbox profile', runs.sandbox));
  console.log(`the first turn, right after the start, not counted: ${keys.map((key) => `${key} ${first[key].toFixed(2)} s`).join(', ')}\n`);
  const seconds = (key: Key): number => median(runs[key].map(total));
  const ratios = { production: seconds('production') / seconds('tools'), sandbox: seconds('sandbox') / seconds('tools') };
  console.log(table([['', 'ratio', 'limit'], ['production', ratios.production.toFixed(3), String(limits.production)], ['sandbox', ratios.sandbox.toFixed(3), String(limits.sandbox)]]));
  return {
    bench: 'network',
    figures: {
      firstProductionSeconds: round(first.production),
      toolsSeconds: round(seconds('tools')),
      productionSeconds: round(seconds('production')),
      sandboxSeconds: round(seconds('sandbox')),
      productionRatio: round(ratios.production),
      productionLimit: limits.production,
      sandboxRatio: round(ratios.sandbox),
      sandboxLimit: limits.sandbox,
    },
    // One number for the verdict: how much of its limit the worse of the two takes.
    ratio: round(Math.max(ratios.production / limits.production, ratios.sandbox / limits.sandbox)),
    limit: 1,
  };
}
