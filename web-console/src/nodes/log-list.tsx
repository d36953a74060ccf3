import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Moment } from '../ui/moment.tsx';
import { knownLevel, type NumberedLine } from './log-lines.ts';
import css from './nodes.module.css';

/** @param follow whether the newest line stays in view */
export function LogList({ lines, follow }: { lines: readonly NumberedLine[]; follow: boolean }) {
  const { t } = useTranslation('nodes');
  const list = useRef<HTMLOListElement>(null);
  const newest = lines.at(-1)?.number;
  useEffect(() => {
    if (follow && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [follow, newest]);
  return (
    <ol ref={list} className={css.log} lang="en" tabIndex={0} aria-label={t('log.label')}>
      {lines.map(({ number, at, level, text }) => {
        const known = knownLevel(level);
        return (
          <li key={number}>
            <span className={css.logAt}>{at && <Moment at={at} />}</span>
            <span className={`${css.logLevel} ${known ? css[known] : ''}`}>{level}</span>
            <bdi>{text}</bdi>
          </li>
        );
      })}
    </ol>
  );
}
