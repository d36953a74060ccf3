import { catalogueEntry } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import { machine, median, round, table, type BenchResult } from '../report.ts';
import { bringUpWithFabricTools, type Stages } from './fabric-tools.ts';
import { startBenchedGuildhall } from './guildhall.ts';

/** The first creation after a start is slower, and counts: of five turns the median is not decided by it. */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
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
 * Fabric's own tools, one after the other with Fabric's defaults, in turns within one run. Programs and images are there.
 */
export async function networkBench(): Promise<BenchResult> {
  const entry = catalogueEntry.versions[0]?.entry ?? '';
  const code = await buildContract({ entry });
  const guildhall = await startBenchedGuildhall();
  const runs: Record<'tools' | 'production' | 'sandbox', Stages[]> = { tools: [], production: [], sandbox: [] };
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      runs.tools.push(await bringUpWithFabricTools(code, initArgument));
      runs.production.push(await guildhall.bringUp('production', initArgument));
      runs.sandbox.push(await guildhall.bringUp('sandbox', initArgument));
      console.error(`turn ${turn + 1} of ${rounds}`);
    }
  } finally {
    await guildhall.stop();
  }
  console.log(`network: 3 Raft orderers of an ordering member, 2 members with a peer each, a channel, a contract; ${rounds} turns; ${machine()}\n`);
  console.log(stageTable("Fabric's tools, defaults", runs.tools));
  console.log(stageTable('Guildhall, production profile', runs.production));
  console.log(stageTable('Guildhall, sandbox profile', runs.sandbox));
  const seconds = (key: keyof typeof runs): number => median(runs[key].map(total));
  const ratios = { production: seconds('production') / seconds('tools'), sandbox: seconds('sandbox') / seconds('tools') };
  console.log(table([['', 'ratio', 'limit'], ['production', ratios.production.toFixed(3), String(limits.production)], ['sandbox', ratios.sandbox.toFixed(3), String(limits.sandbox)]]));
  return {
    bench: 'network',
    figures: {
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
