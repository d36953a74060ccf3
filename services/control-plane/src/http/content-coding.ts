import type { ContentCoding } from '../console/console-folder.ts';

/** Best first: smallest. */
const preferred: readonly ContentCoding[] = ['br', 'gzip', 'identity'];

/** Weights of an accept-encoding header (RFC 9110, 12.5.3). */
function weights(header: string): Map<string, number> {
  const parsed = header.split(',').flatMap((part): [string, number][] => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.map((parameter) => /^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1]).find((found) => found !== undefined);
    return name === '' ? [] : [[name, weight === undefined ? 1 : Number(weight)]];
  });
  return new Map(parsed);
}

/** The coding to answer in: of those that there are, what the client wants most, and the smallest of these; the plain form to who says nothing. */
export function chooseCoding(header: string | undefined, there: readonly ContentCoding[]): ContentCoding {
  if (header === undefined) return 'identity';
  const wanted = weights(header);
  const weightOf = (coding: ContentCoding): number => wanted.get(coding) ?? wanted.get('*') ?? (coding === 'identity' ? 0.0001 : 0);
  const [best = 'identity'] = preferred.filter((coding) => there.includes(coding) && weightOf(coding) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return best;
}
