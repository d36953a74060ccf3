import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemsOf, type ApiProblem } from '../graphql/problem.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Explained } from '../ui/explained.tsx';
import { Field } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problems } from '../ui/problems.tsx';
import { freeRequest, parseVariables } from './free-request.ts';
import css from './api.module.css';

const first = `query Consortia($first: Int) {
  consortia(first: $first) {
    edges { node { name state summary } }
  }
}`;

interface Answer {
  number: number;
  text: string;
}

/** Of a long subscription the newest. */
const kept = 50;

/** Documents of one's own, sent as a program sends them. The token is in this page's memory and nowhere else. */
export function Playground() {
  const { t } = useTranslation('api');
  const [token, setToken] = useState('');
  const [query, setQuery] = useState(first);
  const [variables, setVariables] = useState('{"first": 5}');
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [problems, setProblems] = useState<readonly ApiProblem[]>([]);
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const parsed = parseVariables(variables);
  const why = token.trim() === '' ? t('whyNot.token') : query.trim() === '' ? t('whyNot.query') : parsed === undefined ? t('whyNot.variables') : undefined;

  const run = async (): Promise<void> => {
    if (why !== undefined || parsed === undefined || busy) return;
    const over = new AbortController();
    running.current = over;
    setBusy(true);
    setAnswers([]);
    setProblems([]);
    let number = 0;
    try {
      for await (const answer of freeRequest((...request) => fetch(...request), { query, variables: parsed, token: token.trim() }, over.signal)) {
        number += 1;
        const told = { number, text: JSON.stringify(answer, undefined, 2) };
        setAnswers((before) => [told, ...before].slice(0, kept));
      }
    } catch (error) {
      if (!over.signal.aborted) setProblems(problemsOf(error));
    } finally {
      if (running.current === over) setBusy(false);
    }
  };

  return (
    <Panel title={t('playground')}>
      <p className={css.note}>{t('playgroundLead')}</p>
      <Field label={t('token')} hint={t('tokenHint')}>
        {(ids) => <Input.Password {...ids} className={css.token ?? ''} value={token} maxLength={200} autoComplete="off" onChange={(event) => setToken(event.target.value)} />}
      </Field>
      <div className={css.editors}>
        <Field label={t('document')}>
          {(ids) => <Input.TextArea {...ids} rows={12} value={query} maxLength={50_000} spellCheck={false} onChange={(event) => setQuery(event.target.value)} />}
        </Field>
        <Field label={t('variables')} error={parsed === undefined ? t('whyNot.variables') : undefined}>
          {(ids) => <Input.TextArea {...ids} rows={12} value={variables} maxLength={500_000} spellCheck={false} onChange={(event) => setVariables(event.target.value)} />}
        </Field>
      </div>
      <div className={css.actions}>
        <Explained type="primary" why={why} loading={busy} onClick={() => void run()}>
          {t('run')}
        </Explained>
        <Explained why={busy ? undefined : t('whyNot.stop')} onClick={() => running.current?.abort()}>
          {t('stop')}
        </Explained>
        <span role="status">{answers.length > 1 ? t('answers', { count: answers[0]?.number ?? 0 }) : ''}</span>
      </div>
      {problems.length > 0 && <Problems problems={problems} />}
      <div className={css.answers}>
        {answers.map(({ number, text }) => (
          <CodeBlock key={number} text={text} what={t('answer', { number })} />
        ))}
      </div>
    </Panel>
  );
}
