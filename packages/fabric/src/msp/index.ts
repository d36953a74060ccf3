export { type MspDescription, NODE_OUS_YAML, decodeMsp, encodeMsp, localMspFiles } from './msp.ts';
export { requireChannelId, requireMspId } from './names.ts';
