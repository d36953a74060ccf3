import { PkiError, formatName, parseCertificatePem } from '@guildhall/pki';

/** A value as text at named places, for comparing and for people. Lists of addresses and certificates are named by what they are, not by position. */
export type Plain = ReadonlyMap<string, string>;

export function toPlain(value: unknown): Plain {
  const places = new Map<string, string>();
  const visit = (value: unknown, place: string): void => {
    if (Array.isArray(value)) value.forEach((item: unknown, index) => visit(item, join(place, nameOf(item, index))));
    else if (isRecord(value)) {
      const fields = Object.entries(value).filter(([key]) => !isAddress(value) || (key !== 'host' && key !== 'port'));
      if (fields.length === 0 && isAddress(value)) places.set(place, nameOf(value, 0));
      for (const [key, item] of fields) visit(item, join(place, key));
    } else places.set(place, text(value));
  };
  visit(value, '');
  return places;
}

type Fields = { readonly [key: string]: unknown };
const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isAddress = (value: Fields): boolean => 'host' in value && 'port' in value;

const join = (place: string, key: string): string => (place === '' ? key : `${place}.${key}`);

function nameOf(item: unknown, index: number): string {
  if (isRecord(item) && isAddress(item)) return `${String(item.host)}:${String(item.port)}`;
  return typeof item === 'string' ? text(item) : String(index);
}

function text(value: unknown): string {
  if (typeof value !== 'string' || !value.includes('-----BEGIN CERTIFICATE-----')) return String(value);
  try {
    const { subject, fingerprint } = parseCertificatePem(value);
    return `certificate of ${formatName(subject)} (${fingerprint.slice(0, 16)})`;
  } catch (error) {
    if (error instanceof PkiError) return 'a certificate that cannot be read';
    throw error;
  }
}

/** "BatchSize: maxMessageCount 500 → 100"; what came has a plus, what went a minus. Undefined when both say the same. */
export function inWords(name: string, before: Plain | undefined, after: Plain | undefined): string | undefined {
  const places = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  const parts = [...places].flatMap((place) => {
    const [from, to] = [before?.get(place), after?.get(place)];
    if (from === to) return [];
    const label = place === '' ? '' : `${place} `;
    if (from === undefined) return [before === undefined ? named(label, to) : `+ ${named(label, to)}`];
    return [to === undefined ? `- ${named(label, from)}` : `${label}${from} → ${to}`];
  });
  if (before !== undefined && after === undefined) return `${name} is removed`;
  if (parts.length > 0) return `${name}: ${parts.join(', ')}`;
  return before === undefined ? `${name}: empty` : undefined;
}

/** A list of texts names each item by itself; saying it twice helps nobody. */
const named = (label: string, value: string | undefined): string =>
  label.trim().endsWith(value ?? '') ? label.trim() : `${label}${value ?? ''}`;
