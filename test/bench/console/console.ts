import { openBrowser } from '../../console/support/chromium.ts';
import { machine, round, table, type BenchResult } from '../report.ts';
import { furnish } from './furnished.ts';
import { measureHome } from './home.ts';
import { measureLive } from './live.ts';
import { measurePaging } from './paging.ts';

const consortia = 50;
const blocks = 1000;
const transactionsOfBlock = 100;
const limits = { scriptKilobytes: 300, homeSeconds: 1.5, pagingRatio: 1.5, growthMegabytes: 3 };

/** How heavy and how quick the console is, with more in it than one machine runs: see furnished.ts for what is scripted. */
export async function consoleBench(): Promise<BenchResult> {
  const tell = (line: string): void => console.error(line);
  tell(`creating ${consortia} consortia`);
  await using furnished = await furnish(consortia);
  await using browser = await openBrowser();
  tell('visiting the home screen');
  const home = await measureHome(browser, furnished, consortia);
  tell(`indexing ${blocks * transactionsOfBlock} transactions`);
  for (let block = 0; block < blocks; block += 1) furnished.addBlock(transactionsOfBlock);
  await furnished.indexed();
  tell('paging back to the first');
  const paging = await measurePaging(furnished, blocks * transactionsOfBlock);
  tell('keeping pages open');
  const live = await measureLive(browser, furnished);

  const pagingRatio = paging.oldestPagesMs / paging.newestPagesMs;
  const figures: [name: string, what: string, value: number, limit: number][] = [
    ['scriptKilobytes', 'compressed JavaScript of the first load, KB', home.scriptBytes / 1024, limits.scriptKilobytes],
    ['homeSeconds', `first visit to the home screen with ${consortia} consortia, CPU slowed 4 times, s`, home.firstVisitSeconds, limits.homeSeconds],
    ['nextHomeSeconds', 'second visit, s', home.nextVisitSeconds, limits.homeSeconds],
    ['pagingRatio', `the oldest 100 of ${paging.pages} pages against the newest (${round(paging.newestPagesMs, 1)} ms)`, pagingRatio, limits.pagingRatio],
    ...Object.entries(live.growth).map(([name, megabytes]): [string, string, number, number] => [`${name}GrowthMegabytes`, `${name}: heap of ${round(live.heap[name] ?? 0, 1)} MB, grown in an hour by, MB`, megabytes, limits.growthMegabytes]),
  ];
  console.log(`console: ${machine()}\n`);
  console.log(table([['', 'measured', 'limit'], ...figures.map(([, what, value, limit]) => [what, String(round(value, 2)), String(limit)])]));
  return {
    bench: 'console',
    figures: Object.fromEntries(figures.map(([name, , value]) => [name, round(value)])),
    // How much of its limit the worst of them takes.
    ratio: round(Math.max(...figures.map(([, , value, limit]) => value / limit))),
    limit: 1,
  };
}
