import { readFile } from 'node:fs/promises';
import { createRemoteLedgerGateway, type LedgerGateway } from '@guildhall/ledger-gateway';
import type { Logger } from 'pino';

export interface GatewayAddress {
  url: string;
  /** Of this process's own token for the gateway, which the cluster renews. */
  tokenFile: string;
  /** Of the certificates by which the gateway is known. It may come later than this process, and change. */
  certificateAuthorityFile: string;
}

/** The ledger gateway that runs as a process of its own. */
export const connectLedgerGateway = (
  { url, tokenFile, certificateAuthorityFile }: GatewayAddress,
  logger: Logger,
): Pick<LedgerGateway, 'submitTransaction' | 'evaluateTransaction' | 'blocks' | 'close'> =>
  createRemoteLedgerGateway({
    url,
    logger,
    token: async () => (await readFile(tokenFile, 'utf8')).trim(),
    certificateAuthority: () => readFile(certificateAuthorityFile, 'utf8'),
  });
