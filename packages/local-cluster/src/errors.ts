/** Why the process of a local cluster cannot do what it should, each with what a person does next. */
export const localClusterErrorCodes = {
  INVALID_SETTINGS: 'Correct the setting that is named.',
  ALREADY_RUNNING: 'Use the local cluster that runs, or end it first.',
  NETWORK_TAKEN: 'Remove the folder that holds the network, or use that cluster instead of a copy of it.',
  NO_NETWORK_FREE: 'Remove the folders of local clusters that are no longer needed.',
  NO_ADDRESS_FREE: 'Delete Services that are no longer needed.',
  START_FAILED: 'Read the log of the local cluster, correct the cause and start it again.',
} as const satisfies Record<string, string>;

export type LocalClusterErrorCode = keyof typeof localClusterErrorCodes;

export class LocalClusterError extends Error {
  readonly code: LocalClusterErrorCode;
  readonly nextAction: string;

  constructor(code: LocalClusterErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LocalClusterError';
    this.code = code;
    this.nextAction = localClusterErrorCodes[code];
  }
}
