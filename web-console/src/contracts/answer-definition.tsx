import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApproveContractDocument, RejectContractDocument } from '../graphql/generated/graphql.ts';
import { useFormAction } from '../graphql/use-form-action.ts';
import { atFields } from '../ui/at-fields.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Problems } from '../ui/problems.tsx';
import { whyNot } from './answers.ts';
import type { ContractMember } from './contract-matrix.tsx';
import css from './contracts.module.css';

interface Properties {
  consortium: string;
  contract: string;
  member: ContractMember;
}

function AnswerDialog({ consortium, contract, member, answer, onClose }: Properties & { answer: 'approve' | 'reject'; onClose: () => void }) {
  const { t } = useTranslation('contracts');
  const [words, setWords] = useState('');
  const approval = useFormAction(ApproveContractDocument, words);
  const refusal = useFormAction(RejectContractDocument, words);
  const { busy, problems } = answer === 'approve' ? approval : refusal;
  const field = answer === 'approve' ? 'note' : 'reason';
  const { errorOf, elsewhere } = atFields(problems, [field]);
  const whose = { consortium, contract, member: member.name };
  const send = async (): Promise<void> => {
    const said = answer === 'approve' ? await approval.run({ input: { ...whose, note: words.trim() || null } }) : await refusal.run({ input: { ...whose, reason: words.trim() } });
    if (said) onClose();
  };
  const why = answer === 'reject' && words.trim() === '' ? t('answer.whyReason') : undefined;
  return (
    <Dialog
      title={t(`answer.${answer}Title`, { member: member.name, contract })}
      onCancel={onClose}
      footer={[
        <Explained key="close" why={undefined} onClick={onClose}>
          {t('answer.close')}
        </Explained>,
        <Explained key="send" why={why} type="primary" danger={answer === 'reject'} loading={busy} onClick={() => void send()}>
          {t(`answer.${answer}`)}
        </Explained>,
      ]}
    >
      <p>{t(`answer.${answer}Lead`)}</p>
      <Field label={t(`answer.${field}`)} hint={t('answer.seen')} error={errorOf(field)}>
        {(ids) => <Input.TextArea {...ids} value={words} onChange={(event) => setWords(event.target.value)} maxLength={500} rows={3} />}
      </Field>
      {elsewhere.length > 0 && <Problems problems={elsewhere} />}
    </Dialog>
  );
}

/** What may be said in a member's name about the definition that stands. */
export function AnswerDefinition({ consortium, contract, member }: Properties) {
  const { t } = useTranslation('contracts');
  const [answer, setAnswer] = useState<'approve' | 'reject'>();
  const why = (wanted: 'approve' | 'reject'): string | undefined => {
    const reason = whyNot(wanted, member);
    return reason && t(`whyNoAnswer.${reason}`);
  };
  return (
    <div className={css.buttons}>
      <Explained why={why('approve')} size="small" onClick={() => setAnswer('approve')}>
        {t('answer.approve')}
      </Explained>
      <Explained why={why('reject')} size="small" danger onClick={() => setAnswer('reject')}>
        {t('answer.reject')}
      </Explained>
      {answer && <AnswerDialog consortium={consortium} contract={contract} member={member} answer={answer} onClose={() => setAnswer(undefined)} />}
    </div>
  );
}
