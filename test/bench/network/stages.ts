import { median, round, table } from '../report.ts';

/** Seconds that each stage of a bring-up took, in order. `total`, where there is one, is no stage. */
export type Stages = readonly (readonly [name: string, seconds: number])[];

export const total = (stages: Stages): number => stages.find(([name]) => name === 'total')?.[1] ?? stages.reduce((sum, [, seconds]) => sum + seconds, 0);

export function stageTable(title: string, runs: readonly Stages[]): string {
  const names = runs[0]?.map(([name]) => name).filter((name) => name !== 'total') ?? [];
  const row = (name: string, values: number[]): string[] => [name, round(Math.min(...values), 2).toFixed(2), round(median(values), 2).toFixed(2), round(Math.max(...values), 2).toFixed(2)];
  const rows = names.map((name) => row(name, runs.map((stages) => stages.find(([each]) => each === name)?.[1] ?? 0)));
  return `${table([[title, 'min s', 'median s', 'max s'], ...rows, row('total', runs.map(total))])}\n`;
}
