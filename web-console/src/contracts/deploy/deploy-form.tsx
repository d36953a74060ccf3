import { Input, Radio, Select } from 'antd';
import type { TFunction } from 'i18next';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsortiumNow } from '../../consortia/consortium-context.ts';
import { maxLengths } from '../../create-consortium/names.ts';
import { ContractStandingDocument } from '../../graphql/generated/graphql.ts';
import type { ApiProblem } from '../../graphql/problem.ts';
import { useQuery } from '../../graphql/use-live.ts';
import type { PlanInWords } from '../../operations/operation-plan.tsx';
import { PlanShown } from '../../operations/plan-shown.tsx';
import type { PlannedAction } from '../../operations/use-planned-action.ts';
import { useWhyNoPlan } from '../../operations/use-why-no-plan.ts';
import { atFields } from '../../ui/at-fields.tsx';
import { Explained } from '../../ui/explained.tsx';
import { Field } from '../../ui/field.tsx';
import { LivePart, Panel } from '../../ui/panel.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { ContractMatrix } from '../contract-matrix.tsx';
import { MissingRolesAdvice } from '../missing-roles-advice.tsx';
import { endorsementChoices, neededOf, type EndorsementChoice } from '../endorsement.ts';
import { sourceOf, type Source } from '../source/draft.ts';
import { whyNotYet, type Code, type WhyNotDeploy, type Wishes } from './deploy-input.ts';
import { useDeployment } from './use-deployment.ts';
import css from '../contracts.module.css';

const CodeChanges = lazy(() => import('./code-changes.tsx').then(({ CodeChanges }) => ({ default: CodeChanges })));

type Contract = ConsortiumNow['contracts'][number];

interface Properties {
  consortium: ConsortiumNow;
  /** The contract that is upgraded. */
  standing: Contract | undefined;
  code: Code;
  /** Undefined: of an image. */
  source: Source | undefined;
  /** That the code knows. */
  roles: readonly string[];
}

function Endorsement({ wishes, set, members, stands, error }: { wishes: Wishes; set: (part: Partial<Wishes>) => void; members: number; stands: boolean; error: ReactNode }) {
  const { t } = useTranslation('deploy');
  const { endorsement } = wishes;
  const consequence = endorsement === undefined || endorsement === 'channel' || endorsement === 'own' ? t(`endorsement.${endorsement ?? 'stays'}Lead`) : t('endorsement.needs', { count: neededOf(endorsement, members), all: members });
  const options = [...(stands ? ['stays' as const] : []), ...endorsementChoices].map((value) => ({ value, label: t(`endorsement.${value}`) }));
  return (
    <Field label={t('endorsement.title')} consequence={consequence} error={error}>
      {({ id, status, ...aria }) => (
        <>
          <Select {...aria} id={id} status={status} value={endorsement ?? 'stays'} options={options} onChange={(value: EndorsementChoice | 'stays') => set({ endorsement: value === 'stays' ? undefined : value })} />
          {endorsement === 'own' && <Input className={css.mono ?? ''} aria-label={t('endorsement.own')} value={wishes.ownEndorsement} maxLength={2000} spellCheck={false} placeholder="AND('AcmeMSP.peer', 'BankMSP.peer')" onChange={(event) => set({ ownEndorsement: event.target.value })} />}
        </>
      )}
    </Field>
  );
}

function Consent({ consent, onChange }: { consent: Wishes['consent']; onChange: (consent: Wishes['consent']) => void }) {
  const { t } = useTranslation('deploy');
  return (
    <Field label={t('consent.title')} group>
      {() => (
        <Radio.Group value={consent} onChange={(event) => onChange(event.target.value as Wishes['consent'])} className={css.choices ?? ''}>
          {(['delegated', 'each'] as const).map((value) => (
            <Radio key={value} value={value}>
              {t(`consent.${value}`)}
              <span className={css.choiceHint}>{t(`consent.${value}Lead`)}</span>
            </Radio>
          ))}
        </Radio.Group>
      )}
    </Field>
  );
}

/** The difference to the code that stands, and how far its members are with that. */
function Standing({ contract, source }: { contract: Contract; source: Source | undefined }) {
  const { t } = useTranslation('deploy');
  const live = useQuery(ContractStandingDocument, { id: contract.id });
  return (
    <>
      <Panel title={t('change.title', { version: contract.version })}>
        <LivePart live={live} waiting={t('change.waiting')}>
          {({ contract: { source: before } }) => (before && source ? <Suspense fallback={<Waiting words={t('change.waiting')} />}><CodeChanges before={sourceOf(before)} after={source} /></Suspense> : <p>{t('change.unknown')}</p>)}
        </LivePart>
      </Panel>
      <Panel title={t('matrix', { version: contract.version })} flush>
        <ContractMatrix contract={contract} />
      </Panel>
    </>
  );
}

/** What a form begins with. */
const firstWishes = ({ consortium, standing, code }: Properties): Wishes => ({
  name: standing?.name ?? (code.kind === 'template' ? code.template : ''),
  channel: standing?.channel ?? (consortium.channels.length === 1 ? (consortium.channels[0]?.name ?? '') : ''),
  code,
  endorsement: standing ? undefined : 'channel',
  ownEndorsement: '',
  consent: 'delegated',
});

/** Which image, and as which version: nothing of that is known before. */
function Image({ code, set, errorOf }: { code: Code & { kind: 'image' } } & Pick<PlaceProperties, 'set' | 'errorOf'>) {
  const { t } = useTranslation('deploy');
  const given = (part: { image: string } | { version: string }) => set({ code: { ...code, ...part } });
  return (
    <>
      <Field label={t('image')} hint={t('imageHint')} error={errorOf('image')}>
        {(ids) => <Input {...ids} className={css.mono ?? ''} value={code.image} maxLength={300} spellCheck={false} autoComplete="off" placeholder="registry.example/notary@sha256:…" onChange={(event) => given({ image: event.target.value.trim() })} />}
      </Field>
      <Field label={t('version')} error={errorOf('version')}>
        {(ids) => <Input {...ids} className={css.mono ?? ''} value={code.version} maxLength={40} spellCheck={false} autoComplete="off" placeholder="1.0.0" onChange={(event) => given({ version: event.target.value.trim() })} />}
      </Field>
    </>
  );
}

function codeInWords(t: TFunction<'deploy'>, code: Code): string {
  switch (code.kind) {
    case 'template':
      return t('codeOfTemplate', { template: code.template, version: code.version });
    case 'source':
      return t('codeOfDraft', { version: code.version, count: code.source.files.length });
    default:
      return t('codeOfImage');
  }
}

interface PlaceProperties {
  wishes: Wishes;
  set: (part: Partial<Wishes>) => void;
  channels: ConsortiumNow['channels'];
  missing: WhyNotDeploy | undefined;
  errorOf: (field: FieldPath) => ReactNode;
}

/** Under which name, and where: what an upgrade does not change. */
function NameAndChannel({ wishes, set, channels, missing, errorOf }: PlaceProperties) {
  const { t } = useTranslation('deploy');
  const channel = channels.find(({ name }) => name === wishes.channel);
  const wrongName = missing === 'taken' || (missing === 'name' && wishes.name !== '') ? t(`why.${missing}`) : undefined;
  return (
    <>
      <Field label={t('name')} hint={t('nameHint')} error={errorOf('name') ?? wrongName}>
        {(ids) => <Input {...ids} value={wishes.name} maxLength={maxLengths.contractName} spellCheck={false} autoComplete="off" onChange={(event) => set({ name: event.target.value })} />}
      </Field>
      <Field label={t('channel')} error={errorOf('channel')} consequence={channel && t('runsAt', { count: channel.members.length })}>
        {({ id, status, ...aria }) => <Select {...aria} id={id} status={status} value={wishes.channel || null} placeholder={t('choose')} options={channels.map(({ name }) => ({ value: name, label: name }))} onChange={(next: string) => set({ channel: next })} />}
      </Field>
    </>
  );
}

/** @param problems those that are at no field */
function PlanAndGo({ deployment, problems, missing, upgrades }: { deployment: PlannedAction<PlanInWords>; problems: readonly ApiProblem[]; missing: WhyNotDeploy | undefined; upgrades: boolean }) {
  const { t } = useTranslation('deploy');
  const whyNoPlan = useWhyNoPlan();
  return (
    <Panel title={t('plan')}>
      <PlanShown of={deployment} problems={problems} />
      <div className={css.apart}>
        <Explained why={missing ? t(`why.${missing}`) : whyNoPlan(deployment)} type="primary" size="large" loading={deployment.busy} onClick={() => void deployment.act()}>
          {upgrades ? t('upgrade') : t('deploy')}
        </Explained>
      </div>
    </Panel>
  );
}

const mspIdsOf = (consortium: ConsortiumNow, channel: string): string[] =>
  (consortium.channels.find(({ name }) => name === channel)?.members ?? []).flatMap(({ name }) => consortium.members.find((member) => member.name === name)?.mspId ?? []);

type FieldPath = 'name' | 'channel' | 'image' | 'version' | 'endorsementPolicy';

/** The fields that there are: what is said of anything else stands at the plan. */
const fieldsOf = (code: Code, upgrades: boolean): FieldPath[] => [
  ...(code.kind === 'image' ? (['image', 'version'] as const) : []),
  ...(upgrades ? [] : (['name', 'channel'] as const)),
  'endorsementPolicy',
];

export function DeployForm(properties: Properties) {
  const { consortium, standing, code, source, roles } = properties;
  const { t } = useTranslation('deploy');
  const [wishes, setWishes] = useState(() => firstWishes(properties));
  const set = (part: Partial<Wishes>): void => setWishes((before) => ({ ...before, ...part }));
  const mspIds = mspIdsOf(consortium, wishes.channel);
  const upgrades = standing !== undefined;
  const missing = whyNotYet(wishes, upgrades ? [] : consortium.contracts.map(({ name }) => name));
  const deployment = useDeployment({ consortium: consortium.name, wishes, mspIds, upgrades }, missing === undefined);
  const { errorOf, elsewhere } = atFields(deployment.problems, fieldsOf(wishes.code, upgrades));
  return (
    <>
      <Panel title={t('what')}>
        <p className={css.lead}>{codeInWords(t, code)}</p>
        <div className={css.fields}>
          {wishes.code.kind === 'image' && <Image code={wishes.code} set={set} errorOf={errorOf} />}
          {!upgrades && <NameAndChannel wishes={wishes} set={set} channels={consortium.channels} missing={missing} errorOf={errorOf} />}
          <Endorsement wishes={wishes} set={set} members={mspIds.length} stands={upgrades} error={errorOf('endorsementPolicy')} />
        </div>
        <MissingRolesAdvice contract={wishes.name} roles={roles} members={consortium.members.filter(({ mspId }) => mspIds.includes(mspId))} />
        <Consent consent={wishes.consent} onChange={(consent) => set({ consent })} />
      </Panel>
      {standing && <Standing contract={standing} source={source} />}
      <PlanAndGo deployment={deployment} problems={elsewhere} missing={missing} upgrades={upgrades} />
    </>
  );
}
