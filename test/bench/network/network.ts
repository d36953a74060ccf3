import { catalogueEntry } from '@guildhall/contract-receivable';
import { buildContract } from '@guildhall/contract-runner';
import { machine, median, round, table, type BenchResult } from '../report.ts';
import { bringUpWithFabricTools } from './fabric-tools.ts';
import { startBenchedGuildhall } from './guildhall.ts';
import { stageTable, total, type Stages } from './stages.ts';

/** The first creation after a start is slower, and counts: of five turns the median is not decided by it. */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const limits = { production: 0.8, sandbox: 0.35 };

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
      runs.tools.push(await bringUpWithFabricTools(code));
      runs.production.push(await guildhall.bringUp('production'));
      runs.sandbox.push(await guildhall.bringUp('sandbox'));
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
