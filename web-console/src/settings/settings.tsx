import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { themeChoices, type ThemeChoice } from '../app/appearance.ts';
import { useAppearance } from '../app/appearance-context.ts';
import { PlatformNowDocument, type PlatformFactsFragment } from '../graphql/generated/graphql.ts';
import { mapLive } from '../graphql/live.ts';
import { problemsOf } from '../graphql/problem.ts';
import { useLive } from '../graphql/use-live.ts';
import { languageNames, languages, type Language } from '../i18n/languages.ts';
import { useSession } from '../session/session-context.ts';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { Explained } from '../ui/explained.tsx';
import { Facts } from '../ui/facts.tsx';
import { Field } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { useNotify } from '../ui/notices.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Status, type Tone } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

function Appearance() {
  const { t } = useTranslation('settings');
  const { language, theme, change } = useAppearance();
  return (
    <Panel title={t('appearance')}>
      <Field label={t('language')} group>
        {() => (
          <Radio.Group
            value={language}
            options={languages.map((value) => ({ value, label: <span lang={value}>{languageNames[value]}</span> }))}
            onChange={(event) => change({ language: event.target.value as Language })}
          />
        )}
      </Field>
      <Field label={t('theme')} group hint={t('appearanceHint')}>
        {() => (
          <Radio.Group value={theme} options={themeChoices.map((value) => ({ value, label: t(`themeOf.${value}`) }))} onChange={(event) => change({ theme: event.target.value as ThemeChoice })} />
        )}
      </Field>
    </Panel>
  );
}

function OwnSession() {
  const { t } = useTranslation('settings');
  const { session, signOut } = useSession();
  const notify = useNotify();
  if (session.state !== 'in' && session.state !== 'expired') return null;
  const leave = (): void => {
    signOut().catch((error: unknown) => notify({ kind: 'error', title: t('signOutFailed'), description: <ServerText text={problemsOf(error)[0].message} /> }));
  };
  return (
    <Panel title={t('session')} extra={<Explained size="small" why={undefined} onClick={leave}>{t('signOut')}</Explained>}>
      <Facts
        facts={[
          { term: t('signedInAs'), value: <Untrusted text={session.session.actor} /> },
          { term: t('until'), value: <Moment at={session.session.expiresAt} /> },
        ]}
      />
    </Panel>
  );
}

type Step = PlatformFactsFragment['preparation'][number];

const tones: Record<string, Tone> = { succeeded: 'good', running: 'busy', waiting: 'bad' };

function Preparation({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation('settings');
  const stateOf = (state: string): string => (state === 'succeeded' || state === 'running' || state === 'waiting' ? t(`state.${state}`) : state);
  const columns: Column<Step>[] = [
    { key: 'what', title: t('column.what'), show: ({ title }) => <ServerText text={title} /> },
    { key: 'state', title: t('column.state'), show: ({ state }) => <Status tone={tones[state] ?? 'idle'}>{stateOf(state)}</Status> },
    { key: 'message', title: t('column.message'), show: ({ message }) => <ServerText text={message} /> },
  ];
  return (
    <Panel title={t('preparation')} flush>
      <DataTable caption={t('preparation')} columns={columns} rows={steps} keyOf={({ title }) => title} />
    </Panel>
  );
}

function Platform() {
  const { t } = useTranslation('settings');
  const live = mapLive(useLive(PlatformNowDocument, {}), ({ platform }) => platform);
  return (
    <LivePart live={live} waiting={t('waiting')}>
      {(platform) => (
        <>
          <Panel title={t('platform')}>
            <Facts
              facts={[
                { term: t('version'), value: <Untrusted text={platform.version} /> },
                { term: t('fabric'), value: platform.fabric === null ? t('noFabric') : <Untrusted text={platform.fabric} /> },
                { term: t('node'), value: <Untrusted text={platform.node} /> },
                { term: t('database'), value: <Untrusted text={platform.database} /> },
                { term: t('cluster'), value: platform.cluster === 'local' || platform.cluster === 'kubernetes' ? t(`clusterOf.${platform.cluster}`) : <Untrusted text={platform.cluster} /> },
                ...(platform.home === null ? [] : [{ term: t('home'), value: <Untrusted text={platform.home} code /> }]),
                { term: t('startedAt'), value: <Moment at={platform.startedAt} /> },
              ]}
            />
          </Panel>
          <Preparation steps={platform.preparation} />
        </>
      )}
    </LivePart>
  );
}

export function Settings() {
  const { t } = useTranslation('settings');
  return (
    <Page title={t('title')}>
      <Appearance />
      <OwnSession />
      <Platform />
    </Page>
  );
}
