import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { Facts } from '../ui/facts.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { countedByKind } from './counted-by-kind.ts';
import css from './operations.module.css';

export interface PlanInWords {
  readonly sentences: readonly string[];
  readonly warnings: readonly string[];
  readonly memoryMegabytes: number;
  readonly resources: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
}

/** What an operation does. */
export function OperationPlan({ plan }: { plan: PlanInWords }) {
  const { t } = useTranslation('operations');
  const format = useFormat();
  const kinds = countedByKind(plan.resources);
  return (
    <>
      {plan.memoryMegabytes > 0 && (
        <Facts
          facts={[
            { term: t('memory'), value: format.megabytes(plan.memoryMegabytes) },
            { term: t('resourceCount'), value: format.number(plan.resources.length) },
          ]}
        />
      )}
      {plan.warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={<ServerText text={warning} />} className={css.warning ?? ''} />
      ))}
      <ul className={css.sentences}>
        {plan.sentences.map((sentence) => (
          <li key={sentence}>
            <ServerText text={sentence} />
          </li>
        ))}
      </ul>
      {plan.resources.length > 0 && (
        <details className={css.resources}>
          <summary>{t('resources', { count: plan.resources.length, kinds: format.list(kinds.map(({ kind, count }) => `${format.number(count)} ${kind}`)) })}</summary>
          <ul>
            {plan.resources.map(({ kind, namespace, name }) => (
              <li key={`${kind} ${namespace} ${name}`}>
                <span className={css.resourceKind}>{kind}</span> <Untrusted text={`${namespace}/${name}`} code />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
