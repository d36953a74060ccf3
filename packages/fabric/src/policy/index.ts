export * from './language.ts';
export { decodePolicy, decodeSignaturePolicy, encodePolicy, encodeSignaturePolicy } from './protobuf.ts';
