import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Field } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useDraft } from './draft-context.ts';
import { changeMember, orderersOf, withOwnPlacement, type MemberDraft } from './draft.ts';
import { OrderingConsequence } from './ordering-consequence.tsx';
import css from './create-consortium.module.css';

const maxOfOne = 10;

/** How many orderers and peers each member runs. */
export function OrderingScreen() {
  const { t } = useTranslation('create');
  const { draft, change, errorAt } = useDraft();
  const orderers = orderersOf(draft);
  const rows = draft.members.map((member, index) => ({ member, index, who: member.name || t('memberNumber', { number: index + 1 }) }));
  type Row = (typeof rows)[number];
  const set = (key: string, part: Partial<MemberDraft>): void => change((before) => changeMember(withOwnPlacement(before), key, part));
  const isWrong = (index: number): boolean => errorAt(`members[${index}].nodes`) !== undefined;
  const number = (label: string, value: number, isWrong: boolean, onChange: (value: number) => void) => (
    <InputNumber aria-label={label} aria-invalid={isWrong} status={isWrong ? 'error' : ''} min={0} max={maxOfOne} precision={0} controls={false} value={value} onChange={(next) => onChange(next ?? 0)} />
  );
  const remark: Column<Row> = { key: 'wrong', title: t('remark'), show: ({ index }) => <div className={css.wrong}>{errorAt(`members[${index}].nodes`)}</div> };
  const columns: Column<Row>[] = [
    { key: 'name', title: t('member'), show: ({ who }) => <Untrusted text={who} /> },
    { key: 'orderers', title: t('orderers'), show: ({ member, index, who }) => number(t('orderersAt', { name: who }), orderers[index] ?? 0, isWrong(index), (value) => set(member.key, { orderers: value })) },
    { key: 'peers', title: t('peers'), show: ({ member, index, who }) => number(t('peersAt', { name: who }), member.peers, isWrong(index), (peers) => set(member.key, { peers })) },
    ...(rows.some(({ index }) => isWrong(index)) ? [remark] : []),
  ];
  return (
    <Panel title={t('screen.ordering')}>
      <p className={css.lead}>{t('orderingLead')}</p>
      <Field label={t('placementLabel')} group error={errorAt('channels[0].orderers')} consequence={<OrderingConsequence />} hint={t('peersHint')}>
        {() => <div className={css.nodes}><DataTable caption={t('placementLabel')} columns={columns} rows={rows} keyOf={({ member }) => member.key} /></div>}
      </Field>
    </Panel>
  );
}
