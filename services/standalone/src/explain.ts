import { CertificateAuthorityError } from '@guildhall/certificate-authority';
import { DatabaseTooNewError, NoAccessError } from '@guildhall/control-plane';
import { SettingsError } from '@guildhall/process';
import { NotEnoughRoomError } from './capacity.ts';
import { HomeInUseError, HomeUnusableError } from './home.ts';
import { AddressTakenError } from './listen-address.ts';
import { PostgresStartError } from './postgres/server.ts';
import { SecretsDamagedError } from './secrets.ts';

/** Errors that a person can mend; their messages say how. */
const explained = [SettingsError, HomeInUseError, HomeUnusableError, AddressTakenError, NotEnoughRoomError, SecretsDamagedError, PostgresStartError, CertificateAuthorityError, DatabaseTooNewError, NoAccessError];

/** What is said of an error that ends a program: a sentence, or of one that nobody thought of all there is to know. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // Those of the local cluster say apart what to do next.
  if (error.name === 'LocalClusterError' && 'nextAction' in error) return `${error.message}\n${String(error.nextAction)}`;
  return explained.some((kind) => error instanceof kind) ? error.message : error;
}
