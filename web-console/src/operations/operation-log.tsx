import { useTranslation } from 'react-i18next';
import { OperationLogDocument, type OperationLogQuery } from '../graphql/generated/graphql.ts';
import type { GraphQLClient, Heard } from '../graphql/client.ts';
import { sleep } from '../graphql/pause.ts';
import { useFollowed } from '../graphql/use-live.ts';
import { LivePart } from '../ui/panel.tsx';
import { Moment } from '../ui/moment.tsx';
import { ServerText } from '../ui/server-text.tsx';
import css from './operations.module.css';

type Entry = OperationLogQuery['operation']['log'][number];

const pageSize = 200;
const refreshMs = 1000;
/** What the server keeps of an operation. */
const kept = 1000;

/** All entries so far, again whenever there are more: each look asks for what came after the last one that is known. */
async function* growingLog(client: GraphQLClient, id: string, ended: boolean, signal: AbortSignal): AsyncGenerator<Heard<readonly Entry[]>, void> {
  let entries: readonly Entry[] = [];
  for (let looks = 0; !signal.aborted; looks += 1) {
    const after = entries.at(-1)?.id;
    const { log } = (await client.request(OperationLogDocument, { id, first: pageSize, ...(after === undefined ? {} : { after }) }, signal)).operation;
    entries = [...entries, ...log].slice(-kept);
    if (log.length > 0 || looks === 0) yield { data: entries };
    else yield 'alive';
    if (log.length === pageSize) continue;
    await sleep(ended ? 10 * refreshMs : refreshMs, signal);
  }
}

export function OperationLog({ id, ended }: { id: string; ended: boolean }) {
  const { t } = useTranslation('operations');
  const live = useFollowed<readonly Entry[]>({
    key: `log ${id} ${ended}`,
    skip: false,
    isLast: () => false,
    source: (client, signal) => growingLog(client, id, ended, signal),
  });
  return (
    <LivePart live={live} waiting={t('waitingLog')} empty={{ when: (entries) => entries.length === 0, show: <p className={css.logEmpty}>{t('logEmpty')}</p> }}>
      {(entries) => (
        <ol className={css.log} tabIndex={0} aria-label={t('log')}>
          {entries.map((entry) => (
            <li key={entry.id}>
              <Moment at={entry.at} />
              <bdi className={css.logStep}>{entry.step ?? ''}</bdi>
              <ServerText text={entry.message} />
            </li>
          ))}
        </ol>
      )}
    </LivePart>
  );
}
