import { CloseCircleFilled } from '@ant-design/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** For `allowClear`: what empties a field has a name in the reader's language, which Ant Design does not give it. */
export function useClearing() {
  const { t } = useTranslation();
  const label = t('clear');
  return useMemo(() => ({ label, clearIcon: <CloseCircleFilled aria-label={label} /> }), [label]);
}
