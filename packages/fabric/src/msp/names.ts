import { ConfigError } from '../errors.ts';

const MAXIMUM_LENGTH = 249;

/** common/configtx/validator.go ValidateChannelID. */
export function requireChannelId(channel: string, path: string): void {
  if (!/^[a-z][a-z0-9.-]*$/.test(channel) || channel.length > MAXIMUM_LENGTH) {
    throw new ConfigError(
      'INVALID_CONFIGURATION',
      `"${channel}" is not a channel id: lower-case letters, digits, dot and dash, a letter first, at most ${MAXIMUM_LENGTH} characters.`,
      { path },
    );
  }
}

/** common/configtx/validator.go validateConfigID: names of groups, values and policies. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9.-]+$/.test(name) && name.length <= MAXIMUM_LENGTH && name !== '.' && name !== '..';
}

/** Fabric takes any text as an MSP id, but its policy language (common/policydsl) and its group names only these. */
export function requireMspId(mspId: string, path: string): void {
  if (!isConfigName(mspId)) {
    throw new ConfigError(
      'INVALID_MSP',
      `"${mspId}" is not an MSP id: letters, digits, dot and dash, at most ${MAXIMUM_LENGTH} characters.`,
      { path },
    );
  }
}
