import { PkiError } from './errors.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'PUBLIC KEY' | 'PRIVATE KEY';

const maximumPemLength = 1024 * 1024;

/** RFC 7468, with the line feed at the end that Go's pem.Encode writes: Fabric compares identities by these bytes. */
export function encodePem(label: PemLabel, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Exactly one block with this label and nothing around it but white space. */
export function decodePem(label: PemLabel, text: string): Uint8Array {
  const [only, ...more] = decodePemBundle(label, text);
  if (only === undefined || more.length > 0)
    throw new PkiError('PEM_MALFORMED', `expected exactly one ${label} block, found ${more.length + (only ? 1 : 0)}`);
  return only;
}

/** Every block of a text that holds nothing but blocks with this label. */
export function decodePemBundle(label: PemLabel, text: string): Uint8Array[] {
  if (text.length > maximumPemLength)
    throw new PkiError('TOO_LARGE', `a PEM text of ${text.length} characters; at most ${maximumPemLength} are read`);
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Uint8Array[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const stop = rest.indexOf(end);
    if (!rest.startsWith(begin) || stop < 0)
      throw new PkiError('PEM_MALFORMED', `expected only ${label} blocks; something else stands at block ${blocks.length + 1}`);
    const body = rest.slice(begin.length, stop).replaceAll(/[\r\n]/g, '');
    const der = Buffer.from(body, 'base64');
    // Buffer skips what is not base64, so a body that does not read back was not canonical.
    if (body === '' || der.toString('base64') !== body)
      throw new PkiError('PEM_MALFORMED', `${label} block ${blocks.length + 1} is not canonical base64`);
    blocks.push(der);
    rest = rest.slice(stop + end.length).trimStart();
  }
  return blocks;
}
