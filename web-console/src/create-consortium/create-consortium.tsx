import { Button, Segmented, Steps } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useNarrow } from '../app/use-media.ts';
import type { ApiProblem } from '../graphql/problem.ts';
import { errorAt } from '../ui/at-fields.tsx';
import { isAt } from '../ui/is-at.ts';
import { Page } from '../ui/page.tsx';
import { useFirstMistake } from '../ui/use-first-mistake.ts';
import { ChannelsScreen } from './channels-screen.tsx';
import { ContractsScreen } from './contracts-screen.tsx';
import { DraftContext, type DraftControl } from './draft-context.ts';
import { problemsOfDraft } from './draft-problems.ts';
import { emptyDraft, withOwnPlacement, type Draft } from './draft.ts';
import { storedDraft, storeDraft } from './draft-storage.ts';
import { MembersScreen } from './members-screen.tsx';
import { NameScreen } from './name-screen.tsx';
import { OrderingScreen } from './ordering-screen.tsx';
import { PlanScreen } from './plan-screen.tsx';
import { screenOf, screensOf, type PathChoice, type Screen } from './screens.ts';
import { StartScreen } from './start-screen.tsx';
import { useNameCheck } from './use-name-check.ts';
import css from './create-consortium.module.css';

const storage = (): Storage => window.sessionStorage;

function useDraftControl(visited: ReadonlySet<Screen>, choice: PathChoice) {
  const { t } = useTranslation('create');
  const [draft, setDraft] = useState(() => storedDraft(storage));
  const [refused, setRefused] = useState<readonly ApiProblem[]>([]);
  const problems = useMemo(() => problemsOfDraft(draft), [draft]);
  const nameCheck = useNameCheck(draft.name);

  const change = useCallback((change: (draft: Draft) => Draft) => {
    setRefused([]);
    setDraft((before) => {
      const after = change(before);
      storeDraft(storage, after);
      return after;
    });
  }, []);

  const control = useMemo<DraftControl>(() => {
    // Nobody is blamed for what he has not come to yet.
    const isDue = ({ path, key }: (typeof problems)[number]): boolean => key !== 'required' || visited.has(screenOf(path, choice));
    return {
      draft,
      change,
      nameCheck,
      errorAt: (path) => {
        const own = problems.find((problem) => isAt(problem.path, path) && isDue(problem));
        return own ? t(`wrong.${own.key}`) : errorAt(refused, path);
      },
    };
  }, [draft, change, nameCheck, problems, refused, visited, choice, t]);
  return { control, problems, setRefused, startAnew: () => change(emptyDraft) };
}

function Body({ screen, goTo, setRefused }: { screen: Screen; goTo: (screen: Screen) => void; setRefused: (problems: readonly ApiProblem[]) => void }) {
  switch (screen) {
    case 'start':
      return <StartScreen />;
    case 'name':
      return <NameScreen />;
    case 'members':
      return <MembersScreen />;
    case 'ordering':
      return <OrderingScreen />;
    case 'channels':
      return <ChannelsScreen />;
    case 'contracts':
      return <ContractsScreen />;
    case 'plan':
      return <PlanScreen goTo={goTo} onProblems={setRefused} onCreated={() => storeDraft(storage, undefined)} />;
    default:
      return screen satisfies never;
  }
}

/** Each screen begins at its top, for eyes and for the keyboard; the first is where the page begins anyway. */
function useScreenArrival(screen: Screen): React.RefObject<HTMLDivElement | null> {
  const holder = useRef<HTMLDivElement>(null);
  const before = useRef(screen);
  useEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    window.scrollTo(0, 0);
    holder.current?.focus({ preventScroll: true });
  }, [screen]);
  return holder;
}

/** Three screens with good defaults, or six with every choice; both write the same draft. */
export function CreateConsortium() {
  const { t } = useTranslation('create');
  const narrow = useNarrow();
  const [search, setSearch] = useSearchParams();
  const choice: PathChoice = search.get('path') === 'full' ? 'full' : 'express';
  const screens: readonly Screen[] = screensOf[choice];
  const [visited, setVisited] = useState<ReadonlySet<Screen>>(new Set());
  const { control, problems, setRefused, startAnew } = useDraftControl(visited, choice);
  const wanted = screens.find((screen) => screen === search.get('screen'));
  const screen = wanted ?? screens[0] ?? 'plan';
  const at = screens.indexOf(screen);
  const holder = useScreenArrival(screen);
  const toFirstMistake = useFirstMistake(holder);

  const open = (path: PathChoice, next: Screen): void => setSearch({ ...(path === 'full' ? { path } : {}), screen: next });
  const goTo = (next: Screen): void => {
    setVisited(new Set([...visited, ...screens.slice(0, screens.indexOf(next)), screen]));
    open(choice, next);
  };
  const choose = (path: PathChoice): void => {
    // The full path shows the orderers as numbers.
    if (path === 'full') control.change(withOwnPlacement);
    open(path, screensOf[path][0]);
  };
  const isWrong = (candidate: Screen): boolean => visited.has(candidate) && problems.some(({ path }) => screenOf(path, choice) === candidate);
  const onNext = (): void => {
    const taken = control.nameCheck.state === 'taken' && screenOf('name', choice) === screen;
    if (!taken && problems.every(({ path }) => screenOf(path, choice) !== screen)) {
      goTo(screens[at + 1] ?? screen);
      return;
    }
    setVisited(new Set([...visited, screen]));
    toFirstMistake();
  };
  return (
    <Page title={t('title')} lead={t('lead')} actions={<Button onClick={() => { startAnew(); setVisited(new Set()); open(choice, screensOf[choice][0]); }}>{t('startAnew')}</Button>}>
      <div className={css.path}>
        <Segmented<PathChoice>
          aria-label={t('path')}
          value={choice}
          onChange={choose}
          options={[
            { value: 'express', label: t('pathOf.express') },
            { value: 'full', label: t('pathOf.full') },
          ]}
        />
      </div>
      {narrow ? <p className={css.screens}>{t('screenNumber', { number: at + 1, all: screens.length })}</p> : (
        <Steps
          className={css.screens ?? ''}
          size="small"
          current={at}
          onChange={(index) => goTo(screens[index] ?? screen)}
          items={screens.map((name) => ({ title: t(`screen.${name}`), ...(isWrong(name) && name !== screen ? { status: 'error' as const } : {}) }))}
        />
      )}
      <DraftContext value={control}>
        <div className={css.screen} ref={holder} tabIndex={-1} role="group" aria-label={t(`screen.${screen}`)}>
          <Body screen={screen} goTo={goTo} setRefused={setRefused} />
        </div>
        <div className={css.foot}>
          {at > 0 && <Button onClick={() => goTo(screens[at - 1] ?? screen)}>{t('back')}</Button>}
          {screen !== 'plan' && (
            <Button type="primary" onClick={onNext}>
              {t('next')}
            </Button>
          )}
        </div>
      </DraftContext>
    </Page>
  );
}
