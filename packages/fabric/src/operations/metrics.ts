export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/**
 * Samples of the Prometheus text format (version 0.0.4); comments and lines that are none are passed over.
 * @param names of the metrics that are wanted: a node has hundreds, and reading all of them is most of the work. Left out: all
 */
export function parseMetrics(text: string, names?: ReadonlySet<string>): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#') || (names && !names.has(nameIn(line)))) return [];
    const [, name, labels, value] = LINE.exec(line.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, labels: parseLabels(labels ?? ''), value: parseValue(value) }];
  });
}

const nameIn = (line: string): string => line.slice(0, line.search(/[{\s]/));

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(LABEL)) {
    if (name !== undefined && value !== undefined) labels[name] = value.replaceAll(/\\[n"\\]/g, (escape) => ESCAPES[escape] ?? escape);
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
