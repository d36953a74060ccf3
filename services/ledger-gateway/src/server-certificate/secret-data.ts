import type { Secret } from '@guildhall/kubernetes';
import type { ServerCertificate } from './certificate.ts';
import type { Held } from './decide.ts';

/** Fields of the Secret. The first three are named as in a Secret of type kubernetes.io/tls, as tools expect. */
const fields = {
  current: { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' },
  next: { certificate: 'next-tls.crt', key: 'next-tls.key', authority: 'next-ca.crt' },
  previousAuthority: 'previous-ca.crt',
} as const;

export function heldOf(secret: Secret | undefined): Held {
  const text = (field: string): string | undefined => {
    const value = secret?.data?.[field];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  };
  const read = (names: Record<keyof ServerCertificate, string>): ServerCertificate | undefined => {
    const [certificate, key, authority] = [text(names.certificate), text(names.key), text(names.authority)];
    return certificate === undefined || key === undefined || authority === undefined ? undefined : { certificate, key, authority };
  };
  const [current, next, previousAuthority] = [read(fields.current), read(fields.next), text(fields.previousAuthority)];
  return { ...(current ? { current } : {}), ...(next ? { next } : {}), ...(previousAuthority === undefined ? {} : { previousAuthority }) };
}

/** For a merge patch: null takes a field away. */
export function dataOf({ current, next, previousAuthority }: Held): Record<string, string | null> {
  const encoded = (text: string | undefined): string | null => (text === undefined ? null : Buffer.from(text, 'utf8').toString('base64'));
  const write = (names: Record<keyof ServerCertificate, string>, value: ServerCertificate | undefined): Record<string, string | null> => ({
    [names.certificate]: encoded(value?.certificate),
    [names.key]: encoded(value?.key),
    [names.authority]: encoded(value?.authority),
  });
  return { ...write(fields.current, current), ...write(fields.next, next), [fields.previousAuthority]: encoded(previousAuthority) };
}
