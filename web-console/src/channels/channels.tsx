import { useTranslation } from 'react-i18next';
import { ChannelTable } from '../consortia/channel-table.tsx';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import { Panel } from '../ui/panel.tsx';

export function Channels() {
  const { t } = useTranslation('channels');
  return (
    <ConsortiumPage title={t('title')} lead={() => t('lead')}>
      {({ name, channels }) => (
        <Panel title={t('title')} flush>
          <ChannelTable consortium={name} channels={channels} />
        </Panel>
      )}
    </ConsortiumPage>
  );
}
