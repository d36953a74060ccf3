import { useTranslation } from 'react-i18next';
import { ChannelConfigHistoryDocument, type ChannelConfigHistoryQuery } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Empty } from '../ui/empty.tsx';
import { Pager } from '../ui/pager.tsx';
import { LivePart } from '../ui/panel.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { useCursorPages } from '../ui/use-cursor-pages.ts';
import css from './channels.module.css';

type Update = ChannelConfigHistoryQuery['channel']['configHistory']['edges'][number]['node'];

const pageSize = 10;
const refreshMs = 30_000;
const kinds = ['added', 'removed', 'changed'] as const;

function Change({ change }: { change: Update['changes'][number] }) {
  const { t } = useTranslation('channels');
  const known = kinds.find((kind) => kind === change.kind);
  return (
    <li>
      <span className={`${css.kind} ${known ? css[known] : ''}`}>{known ? t(`kind.${known}`) : change.kind}</span>
      <div>
        <ServerText text={change.words} />
        <div className={css.where}>
          <Untrusted text={change.path} code /> · {t('governedBy')} <Untrusted text={change.governedBy} code />
        </div>
      </div>
    </li>
  );
}

function ConfigUpdate({ update }: { update: Update }) {
  const { t } = useTranslation('channels');
  const format = useFormat();
  const { changes, words, signers } = update;
  return (
    <li className={css.update}>
      <h3>
        {t('sequence', { number: format.number(update.sequence) })} <span className={css.where}>{t('block', { number: format.number(update.blockNumber) })}</span>
      </h3>
      {changes.length > 0 ? (
        <ul className={css.changes}>
          {changes.map((change) => (
            <Change key={`${change.kind} ${change.path}`} change={change} />
          ))}
        </ul>
      ) : (
        <ul className={css.sentences}>
          {words.map((sentence) => (
            <li key={sentence}>
              <ServerText text={sentence} />
            </li>
          ))}
        </ul>
      )}
      <p className={css.where}>{signers.length === 0 ? t('unsigned') : <>{t('signedBy')} <bdi>{format.list(signers.map(({ mspId }) => mspId))}</bdi></>}</p>
    </li>
  );
}

/** What the members changed, newest first. @param sequence of the newest configuration: another one is looked up at once */
export function ConfigHistory({ id, sequence }: { id: string; sequence: number | null }) {
  const { t } = useTranslation('channels');
  const pages = useCursorPages(`${id} ${sequence}`);
  const { after } = pages;
  const live = useQuery(ChannelConfigHistoryDocument, { id, first: pageSize, ...(after === undefined ? {} : { after }) }, { everyMs: refreshMs });
  return (
    <LivePart live={live} waiting={t('waitingHistory')} empty={{ when: ({ channel }) => channel.configHistory.edges.length === 0, show: <Empty title={t('noBlock')} /> }}>
      {({ channel: { configHistory } }) => (
        <>
          <ol className={css.updates}>
            {configHistory.edges.map(({ node }) => (
              <ConfigUpdate key={node.blockNumber} update={node} />
            ))}
          </ol>
          <Pager pages={pages} info={configHistory.pageInfo} />
        </>
      )}
    </LivePart>
  );
}
