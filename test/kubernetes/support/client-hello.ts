/**
 * The name that a TLS client asks for (RFC 8446 4.1.2, RFC 6066 3), from the first bytes that it sends.
 * @returns undefined while bytes are missing; '' when it asks for no name
 */
export function serverNameOf(bytes: Buffer): string | undefined {
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return undefined;
  if (bytes[0] !== 22 || bytes[5] !== 1) return '';
  let at = 5 + 4 + 2 + 32;
  at += 1 + bytes.readUInt8(at); // session id
  at += 2 + bytes.readUInt16BE(at); // cipher suites
  at += 1 + bytes.readUInt8(at); // compression methods
  const end = at + 2 + bytes.readUInt16BE(at);
  for (at += 2; at + 4 <= end; at += 4 + bytes.readUInt16BE(at + 2)) {
    if (bytes.readUInt16BE(at) === 0) return bytes.toString('ascii', at + 9, at + 9 + bytes.readUInt16BE(at + 7));
  }
  return '';
}
