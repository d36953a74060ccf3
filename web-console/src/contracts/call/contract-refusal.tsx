import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../graphql/problem.ts';
import { Problems } from '../../ui/problems.tsx';
import type { ContractMetadata } from '../metadata.ts';
import css from '../contracts.module.css';

/** Why a call did nothing: what the ledger says, and what the contract's own code for it means. */
export function ContractRefusal({ problems, metadata }: { problems: readonly ApiProblem[]; metadata: ContractMetadata | undefined }) {
  const { t } = useTranslation('call');
  const refusal = problems.find(({ contract }) => contract !== undefined)?.contract;
  const meaning = metadata?.errors.find(({ code }) => code === refusal?.code);
  return (
    <>
      <Problems problems={problems} />
      {refusal && (
        <p>
          {t('refusal.code')} <bdi className={css.mono}>{refusal.code}</bdi>
          {meaning && <span lang="en"><bdi>: {meaning.title}.</bdi></span>}
          {refusal.path && (
            <>
              {' '}
              {t('refusal.at')} <bdi className={css.mono}>{refusal.path}</bdi>
            </>
          )}
        </p>
      )}
    </>
  );
}
