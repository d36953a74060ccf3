import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useAppearance } from '../../app/appearance-context.ts';
import { ContractInterfaceDocument } from '../../graphql/generated/graphql.ts';
import { dataOf } from '../../graphql/live.ts';
import { useQuery } from '../../graphql/use-live.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { Empty } from '../../ui/empty.tsx';
import { Explained } from '../../ui/explained.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { Page } from '../../ui/page.tsx';
import { LivePart, Panel } from '../../ui/panel.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { DeployTo } from '../deploy-to.tsx';
import { deployPath, keyOfStart, soughtFor, startOf, templatesPath, upgradePath, type SourceStart } from '../paths.ts';
import { editFile, isSame, storedSource, storeSource, type Source } from './draft.ts';
import { FileBar } from './file-bar.tsx';
import type { Place } from './places.ts';
import { useStartSource } from './start-source.ts';
import { useCheck } from './use-check.ts';
import { Verdict } from './verdict.tsx';
import css from '../contracts.module.css';

const CodeEditor = lazy(() => import('./code-editor.tsx').then(({ CodeEditor }) => ({ default: CodeEditor })));
const storage = (): Storage => window.sessionStorage;
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** What is left to do with a source: it becomes a new contract, or the next version of the one it came from. */
function Onward({ start, blocked }: { start: SourceStart; blocked: string | undefined }) {
  const { t } = useTranslation('source');
  const draft = keyOfStart(start);
  return (
    <Panel title={t('onward')}>
      {start.kind === 'contract' && (
        <p>
          {blocked === undefined ? (
            <LinkButton to={upgradePath(start.consortium, start.contract, { draft })} type="primary">{t('upgrade', { contract: start.contract })}</LinkButton>
          ) : (
            <Explained why={blocked} type="primary">{t('upgrade', { contract: start.contract })}</Explained>
          )}
        </p>
      )}
      <DeployTo pathOf={(consortium) => deployPath(consortium, { draft })} blocked={blocked} />
    </Panel>
  );
}

function Workshop({ start, original }: { start: SourceStart; original: Source }) {
  const { t } = useTranslation('source');
  const format = useFormat();
  const { dark } = useAppearance();
  const key = keyOfStart(start);
  const [source, setSource] = useState<Source>(() => storedSource(storage, key) ?? original);
  const [kept, setKept] = useState(true);
  const [shown, setShown] = useState(source.entry);
  const [jump, setJump] = useState<Place>();
  const [discarding, setDiscarding] = useState(false);
  const checked = useCheck(source);
  const entries = dataOf(useQuery(ContractInterfaceDocument, {}))?.contractInterface ?? [];
  const file = source.files.find(({ path }) => path === shown);
  const problems = checked.check?.problems;
  const here = useMemo(() => (problems ?? []).filter((problem) => problem.file === shown).map(({ severity, line, column, message, nextAction, rule }) => ({ severity, line, column, message: `${rule}: ${message}\n${nextAction}` })), [problems, shown]);
  const change = (next: Source): void => {
    setSource(next);
    setKept(storeSource(storage, key, isSame(next, original) ? undefined : next));
  };
  const discard = (): void => {
    setDiscarding(false);
    change(original);
    setShown(original.entry);
  };
  const unchanged = isSame(source, original);
  const blocked = !checked.current ? t('whyChecking') : checked.check?.ok ? undefined : t('whyErrors');
  return (
    <div className={css.twoColumns}>
      <Panel title={t('code')} extra={<Explained size="small" why={unchanged ? t('whyNoDiscard') : undefined} danger onClick={() => setDiscarding(true)}>{t('discard')}</Explained>}>
        <FileBar source={source} shown={shown} problemsIn={(path) => problems?.filter((problem) => problem.file === path).length ?? 0} onShow={setShown} onChange={(next, path) => { change(next); setShown(path); }} />
        <div className={css.editor}>
          <Suspense fallback={<Waiting words={t('loadingEditor')} />}>
            <CodeEditor path={shown} text={file?.text ?? ''} label={t('editorOf', { path: shown })} nonce={nonce} dark={dark} problems={here} entries={entries} jump={jump} onChange={(text) => change(editFile(source, shown, text))} />
          </Suspense>
        </div>
        <p className={css.next}>{[t('keys'), kept ? t('kept') : t('notKept')].join(format.gap)}</p>
        {discarding && (
          <Dialog title={t('discardTitle')} okText={t('discard')} cancelText={t('close')} okButtonProps={{ danger: true }} onOk={discard} onCancel={() => setDiscarding(false)}>
            {t('discardLead')}
          </Dialog>
        )}
      </Panel>
      <div>
        <Panel title={t('verdict')}>
          <Verdict checked={checked} onJump={({ file: path, line, column }) => { if (path !== null) setShown(path); setJump({ line, column }); }} />
        </Panel>
        <Onward start={start} blocked={blocked} />
      </div>
    </div>
  );
}

export function SourcePage() {
  const { t } = useTranslation('source');
  const [search] = useSearchParams();
  const start = startOf(search);
  const live = useStartSource(start);
  const title = start.kind === 'template' ? t('fromTemplate', { template: start.template, version: start.version }) : start.kind === 'contract' ? t('fromContract', { contract: start.contract, consortium: start.consortium }) : t('anew');
  return (
    <Page title={title} crumbs={[{ title: t('templates'), to: templatesPath(soughtFor(search)) }]} lead={t('lead')}>
      <LivePart live={live} waiting={t('waiting')} empty={{ when: (original) => original === null, show: <Empty title={t('noSource')} action={<Link to={templatesPath(soughtFor(search))}>{t('toTemplates')}</Link>}>{t('noSourceLead')}</Empty> }}>
        {(original) => original && <Workshop key={keyOfStart(start)} start={start} original={original} />}
      </LivePart>
    </Page>
  );
}
