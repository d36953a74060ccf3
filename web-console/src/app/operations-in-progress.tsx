import { LoadingOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { OpenOperationsDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { hasEnded } from '../operations/operation-state.ts';
import { operationPath } from './paths.ts';
import css from './layout.module.css';

const refreshMs = 5000;

/** What is under way, wherever one is. */
export function OperationsInProgress() {
  const { t } = useTranslation();
  const open = (dataOf(useQuery(OpenOperationsDocument, { first: 20 }, { everyMs: refreshMs }))?.operations.edges ?? []).filter(({ node }) => !hasEnded(node.state));
  const [only] = open;
  if (!only) return null;
  return (
    <Link to={open.length === 1 ? operationPath(only.node.id) : '/operations'} className={css.inProgress ?? ''}>
      <LoadingOutlined aria-hidden />
      <span>{t('operationsInProgress', { count: open.length })}</span>
    </Link>
  );
}
