import { createHash } from 'node:crypto';
import type { common } from '@hyperledger/fabric-protos';

/** sha256 over all transactions of the block, one after the other (protoutil.ComputeBlockDataHash). */
export function blockDataHash(data: common.BlockData): Uint8Array {
  const hash = createHash('sha256');
  for (const bytes of data.getDataList_asU8()) hash.update(bytes);
  return new Uint8Array(hash.digest());
}

/** sha256(DER SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }): the block's name in the chain. */
export function blockHeaderHash(header: common.BlockHeader): Uint8Array {
  const body = Buffer.concat([
    element(0x02, unsignedInteger(header.getNumber())),
    element(0x04, header.getPreviousHash_asU8()),
    element(0x04, header.getDataHash_asU8()),
  ]);
  return new Uint8Array(createHash('sha256').update(element(0x30, body)).digest());
}

/** Hashes and numbers are far below 128 bytes, so the length is one octet. */
const element = (tag: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content]);

function unsignedInteger(value: number): Buffer {
  const hex = value.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
}
