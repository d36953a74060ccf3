import { randomBytes } from 'node:crypto';
import { ParticipationError, type FabricErrorCode } from '../errors.ts';
import type { CallOptions, HttpEndpoint } from '../transport/endpoint.ts';
import { callHttp, type HttpAnswer, type HttpCall } from '../transport/http.ts';

const CHANNELS = '/participation/v1/channels';

export const CONSENSUS_RELATIONS = ['consenter', 'follower', 'config-tracker', 'other'] as const;
export type ConsensusRelation = (typeof CONSENSUS_RELATIONS)[number];
export const PARTICIPATION_STATUSES = ['active', 'onboarding', 'inactive', 'failed'] as const;
export type ParticipationStatus = (typeof PARTICIPATION_STATUSES)[number];

/** What an orderer says about one channel it takes part in. */
export interface ChannelInfo {
  readonly name: string;
  readonly relation: ConsensusRelation;
  readonly status: ParticipationStatus;
  /** Number of blocks. */
  readonly height: number;
}

/**
 * The channel participation API of an orderer (orderer/common/channelparticipation): its admin endpoint, mutual TLS. Only calls that
 * every release has, so not PUT and blocks (3.1.2).
 */
export interface Participation {
  list(options?: CallOptions): Promise<readonly string[]>;
  /** `undefined` when the orderer is not in the channel. */
  info(channel: string, options?: CallOptions): Promise<ChannelInfo | undefined>;
  /** Joins with a config block: the genesis block, or the newest one of a running channel. CHANNEL_EXISTS when it is in already. */
  join(configBlock: Uint8Array, options?: CallOptions): Promise<ChannelInfo>;
  /** Leaves a channel and deletes its ledger. CHANNEL_NOT_FOUND when it is not in. */
  remove(channel: string, options?: CallOptions): Promise<void>;
}

export function createParticipation(endpoint: HttpEndpoint): Participation {
  const { host } = new URL(endpoint.url);
  const pathOf = (channel: string): string => `${CHANNELS}/${encodeURIComponent(channel)}`;
  const call = (request: HttpCall): Promise<HttpAnswer> => callHttp(endpoint, request);

  return {
    async list(options) {
      const answer = expectStatus(host, await call({ ...options, method: 'GET', path: CHANNELS }), 200);
      const { channels } = readJson(host, answer);
      if (channels === null || channels === undefined) return [];
      if (!Array.isArray(channels)) throw unexpected(host, answer);
      return channels.map((entry) => textField(host, answer, entry, 'name'));
    },
    async info(channel, options) {
      const answer = await call({ ...options, method: 'GET', path: pathOf(channel) });
      return answer.status === 404 ? undefined : channelInfo(host, expectStatus(host, answer, 200));
    },
    async join(configBlock, options) {
      const { body, contentType } = oneFile('config-block', configBlock);
      const headers = { 'content-type': contentType, 'content-length': body.length };
      return channelInfo(host, expectStatus(host, await call({ ...options, method: 'POST', path: CHANNELS, headers, body }), 201));
    },
    async remove(channel, options) {
      expectStatus(host, await call({ ...options, method: 'DELETE', path: pathOf(channel) }), 204);
    },
  };
}

/** multipart/form-data with exactly one file part: a file name is required, any other field is refused. */
function oneFile(name: string, content: Uint8Array): { body: Buffer; contentType: string } {
  const boundary = `guildhall-${randomBytes(16).toString('hex')}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${name}.pb"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const CODE_BY_STATUS: Readonly<Record<number, FabricErrorCode>> = {
  400: 'PARTICIPATION_REFUSED',
  404: 'CHANNEL_NOT_FOUND',
  405: 'CHANNEL_EXISTS',
  409: 'CHANNEL_PENDING_REMOVAL',
};

function expectStatus(address: string, answer: HttpAnswer, expected: number): HttpAnswer {
  if (answer.status === expected) return answer;
  const said = saidError(answer) ?? `HTTP ${answer.status}`;
  throw new ParticipationError(
    CODE_BY_STATUS[answer.status] ?? 'UNEXPECTED_ANSWER',
    `The orderer's admin endpoint ${address} answered: ${said}`,
    {
      nodes: [{ address, message: said, status: answer.status }],
    },
  );
}

function saidError(answer: HttpAnswer): string | undefined {
  try {
    const { error }: { error?: unknown } = JSON.parse(answer.body.toString());
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

function channelInfo(address: string, answer: HttpAnswer): ChannelInfo {
  const body = readJson(address, answer);
  const relation = CONSENSUS_RELATIONS.find((known) => known === body['consensusRelation']);
  const status = PARTICIPATION_STATUSES.find((known) => known === body['status']);
  const height = body['height'];
  if (relation === undefined || status === undefined || !isHeight(height)) throw unexpected(address, answer);
  return { name: textField(address, answer, body, 'name'), relation, status, height };
}

const isHeight = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readJson(address: string, answer: HttpAnswer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(answer.body.toString());
    if (isRecord(body)) return body;
  } catch (cause) {
    throw unexpected(address, answer, cause);
  }
  throw unexpected(address, answer);
}

function textField(address: string, answer: HttpAnswer, entry: unknown, field: string): string {
  const value = isRecord(entry) ? entry[field] : undefined;
  if (typeof value !== 'string') throw unexpected(address, answer);
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function unexpected(address: string, answer: HttpAnswer, cause?: unknown): ParticipationError {
  const text = answer.body.toString().slice(0, 200);
  return new ParticipationError(
    'UNEXPECTED_ANSWER',
    `The orderer's admin endpoint ${address} gave an answer that is not understood: ${text}`,
    {
      nodes: [{ address, message: text, status: answer.status }],
      cause,
    },
  );
}
