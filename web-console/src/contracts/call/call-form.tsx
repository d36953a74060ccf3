import { Button, Input, Select, Space } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../../consortia/consortium-context.ts';
import { AskContractDocument, CallContractDocument, type CallContractMutation } from '../../graphql/generated/graphql.ts';
import { useAction } from '../../graphql/use-action.ts';
import { Explained } from '../../ui/explained.tsx';
import { Field } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useFirstMistake } from '../../ui/use-first-mistake.ts';
import { useClearing } from '../../ui/use-clearing.tsx';
import type { ContractMetadata } from '../metadata.ts';
import { Answer, Committed } from './answer.tsx';
import { argumentText, isForOthers, roleFor, takesRequestId, withoutRequestId } from './call-draft.ts';
import { Examples } from './call-examples.tsx';
import { ContractRefusal } from './contract-refusal.tsx';
import { firstArguments } from './first-config.ts';
import { inputOfCall, type Call } from './examples.ts';
import { OperationSelect } from './operation-select.tsx';
import { RawArguments } from './raw-arguments.tsx';
import { SchemaForm } from './schema-form.tsx';
import { wrongValues, type Entered } from './schema-value.ts';
import css from '../contracts.module.css';

const newRequestId = (): string => `call-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

type Outcome = { kind: 'submitted'; transaction: CallContractMutation['submitTransaction']; channel: string } | { kind: 'evaluated'; text: string };

interface Properties {
  consortium: ConsortiumNow;
  contract: ConsortiumNow['contracts'][number];
  metadata: ContractMetadata | undefined;
}

/** A read first: it can do no harm. */
const firstOf = (metadata: ContractMetadata | undefined) => metadata?.operations.find(({ type }) => type === 'read') ?? metadata?.operations[0];

const operationOf = (metadata: ContractMetadata | undefined, name: string) => metadata?.operations.find((candidate) => candidate.name === name);

/** What is filled in, and what follows from it. */
function useCallDraft({ consortium, contract, metadata }: Properties) {
  const members = contract.members.map(({ name }) => consortium.members.find((member) => member.name === name)).filter((member) => member !== undefined);
  const [memberName, setMember] = useState(members[0]?.name ?? '');
  const [chosenRole, setRole] = useState<string | null>();
  const [name, setName] = useState(firstOf(metadata)?.name ?? '');
  const [entered, setEntered] = useState<Entered>(() => {
    const first = firstOf(metadata);
    return first && metadata ? firstArguments(first, metadata, members) : {};
  });
  const [raw, setRaw] = useState<readonly string[]>([]);
  const [requestId, setRequestId] = useState(newRequestId);
  const [sent, setSent] = useState(false);
  const operation = operationOf(metadata, name);
  const member = members.find((candidate) => candidate.name === memberName);
  const role = chosenRole === undefined ? roleFor(operation, member?.applicationRoles ?? []) : (chosenRole ?? undefined);
  /** Another content under an id that was sent would be refused. */
  const changed = (): void => {
    if (sent) setRequestId(newRequestId());
    setSent(false);
  };
  const writes = operation?.type !== 'read';
  const call: Call = {
    consortium: consortium.name,
    channel: contract.channel,
    contract: contract.name,
    function: name,
    args: operation ? [argumentText(operation, entered, requestId)] : raw,
    member: memberName,
    role,
    requestId: writes ? requestId : undefined,
  };
  return {
    members, member, role, operation, entered, raw, requestId, writes, call,
    wrong: operation ? wrongValues(withoutRequestId(operation.args), entered) : [],
    markSent: () => setSent(true),
    setRequestId,
    chooseMember: (next: string) => { setMember(next); setRole(undefined); changed(); },
    chooseRole: (next: string | undefined) => { setRole(next ?? null); changed(); },
    chooseOperation: (next: string) => {
      const found = operationOf(metadata, next);
      setName(next);
      setRole(undefined);
      if (found && metadata) setEntered(firstArguments(found, metadata, members));
      changed();
    },
    enter: (next: Entered) => { setEntered(next); changed(); },
    enterRaw: (next: readonly string[]) => { setRaw(next); changed(); },
  };
}

type Draft = ReturnType<typeof useCallDraft>;

function Who({ draft }: { draft: Draft }) {
  const { t } = useTranslation('call');
  const clearing = useClearing();
  const { members, member, role, operation } = draft;
  const wanted = operation?.by.map(({ title, roles }) => (roles.length > 0 ? `${title} (${roles.join(', ')})` : title)) ?? [];
  return (
    <div className={css.fields}>
      <Field label={t('member')} hint={t('memberHint')}>
        {({ id, 'aria-describedby': describedBy }) => <Select id={id} aria-describedby={describedBy} value={member?.name ?? null} onChange={draft.chooseMember} options={members.map(({ name, mspId }) => ({ value: name, label: `${name} · ${mspId}` }))} />}
      </Field>
      <Field label={t('role')} consequence={isForOthers(operation, member?.applicationRoles ?? []) && t('noneOfThese', { member: member?.name })} hint={wanted.length > 0 ? <span lang="en">{wanted.join('; ')}</span> : t('roleHint')}>
        {({ id, 'aria-describedby': describedBy }) => (
          <Select id={id} aria-describedby={describedBy} allowClear={clearing} placeholder={t('noRole')} value={role ?? null} onChange={(next: string | null | undefined) => draft.chooseRole(next ?? undefined)} options={(member?.applicationRoles ?? []).map((name) => ({ value: name, label: name }))} />
        )}
      </Field>
    </div>
  );
}

function RequestId({ draft }: { draft: Draft }) {
  const { t } = useTranslation('call');
  return (
    <Field label={t('requestId')} hint={t('requestIdHint')}>
      {(ids) => (
        <Space.Compact block>
          <Input {...ids} className={css.mono ?? ''} value={draft.requestId} maxLength={64} spellCheck={false} autoComplete="off" onChange={(event) => draft.setRequestId(event.target.value)} />
          <Button onClick={() => draft.setRequestId(newRequestId())}>{t('newRequestId')}</Button>
        </Space.Compact>
      )}
    </Field>
  );
}

function Asked({ draft, metadata, errorAt, onOperation }: { draft: Draft; metadata: ContractMetadata | undefined; errorAt: (path: string) => string | undefined; onOperation: () => void }) {
  const { t } = useTranslation('call');
  const { operation, call } = draft;
  return (
    <>
      {metadata ? (
        <OperationSelect metadata={metadata} operation={operation} onChange={(name) => { draft.chooseOperation(name); onOperation(); }} />
      ) : (
        <Field label={t('function')} hint={t('functionHint')}>
          {(ids) => <Input {...ids} value={call.function} maxLength={200} spellCheck={false} autoComplete="off" onChange={(event) => draft.chooseOperation(event.target.value)} />}
        </Field>
      )}
      <Who draft={draft} />
      {operation && <SchemaForm schema={withoutRequestId(operation.args)} path="" value={draft.entered} onChange={draft.enter} errorAt={errorAt} mspIds={draft.members.map(({ mspId }) => mspId)} />}
      {!metadata && <RawArguments args={draft.raw} onChange={draft.enterRaw} />}
      {draft.writes && <div className={css.apart}><RequestId draft={draft} /></div>}
    </>
  );
}

function Answered({ outcome, busy, writes, consortium }: { outcome: Outcome | undefined; busy: boolean; writes: boolean; consortium: string }) {
  const { t } = useTranslation('call');
  if (!outcome) return <p className={css.next}>{busy ? t('answer.waiting') : t('answer.none')}</p>;
  if (outcome.kind === 'evaluated') {
    return (
      <>
        <Answer text={outcome.text} />
        {writes && <p className={css.next}>{t('answer.nothingWritten')}</p>}
      </>
    );
  }
  return (
    <>
      <Committed transaction={outcome.transaction} consortium={consortium} channel={outcome.channel} />
      <div className={css.apart}><Answer text={outcome.transaction.result} /></div>
    </>
  );
}

/** Calls a contract in a member's name, by a form that comes of what the contract says about itself. */
export function CallForm(properties: Properties) {
  const { consortium, contract, metadata } = properties;
  const { t } = useTranslation('call');
  const draft = useCallDraft(properties);
  const { operation, call, writes, wrong } = draft;
  const submission = useAction(CallContractDocument);
  const evaluation = useAction(AskContractDocument);
  const [shown, setShown] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const toFirstMistake = useFirstMistake(form);
  const [outcome, setOutcome] = useState<Outcome>();
  const problems = [...submission.problems, ...evaluation.problems];
  const refusedAt = problems.find((problem) => problem.contract?.path !== undefined);
  const errorAt = (path: string): string | undefined => {
    const mistake = shown ? wrong.find((each) => each.path === path) : undefined;
    if (mistake) return t(`wrong.${mistake.key}`, { limit: mistake.limit ?? 0 });
    return refusedAt?.contract?.path === path ? refusedAt.message : undefined;
  };
  const whyNotSend = (): string | undefined => {
    if (call.function === '') return t('whyNoFunction');
    if (contract.committedVersion === null) return t('whyNotCommitted');
    return shown && wrong.length > 0 ? t('whyWrong', { count: wrong.length }) : undefined;
  };
  const send = async (submits: boolean): Promise<void> => {
    setShown(true);
    if (wrong.length > 0) {
      toFirstMistake();
      return;
    }
    submission.clear();
    evaluation.clear();
    setOutcome(undefined);
    if (submits) {
      draft.markSent();
      const answer = await submission.run({ input: inputOfCall(call) });
      if (answer) setOutcome({ kind: 'submitted', transaction: answer.submitTransaction, channel: contract.channel });
    } else {
      const answer = await evaluation.run({ input: inputOfCall({ ...call, requestId: undefined }) });
      if (answer) setOutcome({ kind: 'evaluated', text: answer.evaluateTransaction });
    }
  };
  const why = whyNotSend();
  return (
    <div className={css.twoColumns}>
      <Panel title={t('call')}>
        {metadata?.operations.some(({ type }) => type === 'setup') && <p className={css.lead}>{t('setupLead')}</p>}
        <div ref={form}>
          <Asked draft={draft} metadata={metadata} errorAt={errorAt} onOperation={() => setShown(false)} />
        </div>
        <div className={css.buttons}>
          {writes && (
            <Explained why={why} type="primary" loading={submission.busy} onClick={() => void send(true)}>
              {t('submit')}
            </Explained>
          )}
          <Explained why={why} type={writes ? 'default' : 'primary'} loading={evaluation.busy} onClick={() => void send(false)}>
            {writes ? t('tryOut') : t('evaluate')}
          </Explained>
        </div>
        {operation && takesRequestId(operation) && <p className={css.next}>{t('requestIdWithin')}</p>}
      </Panel>
      <div>
        <Panel title={t('answer.title')}>
          <div aria-live="polite">
            {problems.length > 0 && <ContractRefusal problems={problems} metadata={metadata} />}
            {problems.length === 0 && <Answered outcome={outcome} busy={submission.busy || evaluation.busy} writes={writes} consortium={consortium.name} />}
          </div>
        </Panel>
        <Panel title={t('examples.title')}>
          <Examples call={call} writes={writes} />
        </Panel>
      </div>
    </div>
  );
}
