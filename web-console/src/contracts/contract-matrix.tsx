import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Status, type Tone } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

type Contract = ConsortiumNow['contracts'][number];
export type ContractMember = Contract['members'][number];

const tones = { waiting: 'pending', approved: 'good', rejected: 'bad' } as const satisfies Record<string, Tone>;

function Decision({ decision }: { decision: ContractMember['decision'] }) {
  const { t } = useTranslation('contracts');
  if (decision === null) return <>{t('decision.none')}</>;
  const { state, by, at, reason } = decision;
  const known = state === 'waiting' || state === 'approved' || state === 'rejected' ? state : undefined;
  return (
    <>
      {known ? <Status tone={tones[known]}>{t(`decision.${known}`)}</Status> : <Untrusted text={state} />}
      {by !== null && at !== null && (
        <div>
          {t('decision.by', { actor: by })} <Moment at={at} />
        </div>
      )}
      {reason && <div><Untrusted text={reason} /></div>}
    </>
  );
}

/** How far each member is with a contract: what it runs, and what it said. */
export function ContractMatrix({ contract, answer }: { contract: Contract; answer?: (member: ContractMember) => ReactNode }) {
  const { t } = useTranslation('contracts');
  const isSo = (holds: boolean) => <Status tone={holds ? 'good' : 'pending'}>{holds ? t('yes') : t('notYet')}</Status>;
  const columns: Column<ContractMember>[] = [
    { key: 'member', title: t('member'), show: ({ name }) => <Untrusted text={name} /> },
    { key: 'installed', title: t('installed'), show: ({ installed }) => isSo(installed) },
    { key: 'same', title: t('sameCode'), show: ({ sameCode }) => isSo(sameCode) },
    { key: 'approved', title: t('approved'), show: ({ approved }) => isSo(approved) },
    { key: 'running', title: t('running'), show: ({ running }) => isSo(running) },
    { key: 'decision', title: t('decision.title'), show: ({ decision }) => <Decision decision={decision} /> },
    ...(answer ? [{ key: 'answer', title: t('answer.title'), show: answer }] : []),
  ];
  return <DataTable caption={t('matrix', { contract: contract.name })} columns={columns} rows={contract.members} keyOf={({ name }) => name} />;
}
