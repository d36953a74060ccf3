import { useTranslation } from 'react-i18next';
import { Panel } from '../ui/panel.tsx';
import { NameFields } from './name-fields.tsx';

export function NameScreen() {
  const { t } = useTranslation('create');
  return (
    <Panel title={t('screen.name')}>
      <NameFields />
    </Panel>
  );
}
