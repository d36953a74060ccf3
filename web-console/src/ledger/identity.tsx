import { Untrusted } from '../ui/untrusted.tsx';
import { memberOf, type Ledger } from './use-ledger.ts';
import css from './ledger.module.css';

/** Who signed: the member by its name where it is one of the consortium's, and what its certificate says. */
export function Identity({ ledger, identity }: { ledger: Ledger; identity: { mspId: string; subject?: string | null } }) {
  const member = memberOf(ledger, identity.mspId);
  return (
    <>
      {member !== undefined && <><Untrusted text={member} /> </>}
      <Untrusted text={identity.mspId} code />
      {identity.subject && <div className={css.muted}><bdi>{identity.subject}</bdi></div>}
    </>
  );
}
