import { consoleBench } from './console/console.ts';
import { kubernetesBench } from './kubernetes/kubernetes.ts';
import { networkBench } from './network/network.ts';
import type { BenchResult } from './report.ts';

const benches: Record<string, () => Promise<BenchResult>> = { console: consoleBench, kubernetes: kubernetesBench, network: networkBench };

const [name] = process.argv.slice(2);
const bench = name === undefined ? undefined : benches[name];
if (!bench) {
  console.error(`usage: npm run bench -- NAME, with NAME one of ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
const result = await bench();
// The last line is for machines.
console.log(JSON.stringify({ ...result, pass: result.ratio <= result.limit }));
