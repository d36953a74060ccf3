import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigation } from './navigation.tsx';

/** The navigation where there is no room beside the page. */
export function NavigationDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer open={open} onClose={onClose} placement="left" size={280} title={t('navigation.label')}>
      <Navigation onChosen={onClose} />
    </Drawer>
  );
}
