import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../i18n/languages.ts';
import { themeChoices, type ThemeChoice } from './appearance.ts';
import { useAppearance } from './appearance-context.ts';
import css from './layout.module.css';

const icons: Record<ThemeChoice, React.ReactNode> = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };

export function AppearanceControls() {
  const { t } = useTranslation();
  const { language, theme, change } = useAppearance();
  return (
    <div className={css.controls}>
      <Dropdown
        trigger={['click']}
        menu={{
          items: languages.map((key) => ({ key, label: <span lang={key}>{languageNames[key]}</span> })),
          selectable: true,
          selectedKeys: [language],
          onClick: ({ key }) => change({ language: languages.find((known) => known === key) ?? language }),
        }}
      >
        <Button type="text" aria-label={t('appearance.language', { language: languageNames[language] })}>
          {languageNames[language]}
        </Button>
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          items: themeChoices.map((key) => ({ key, icon: icons[key], label: t(`appearance.theme.${key}`) })),
          selectable: true,
          selectedKeys: [theme],
          onClick: ({ key }) => change({ theme: themeChoices.find((known) => known === key) ?? theme }),
        }}
      >
        <Button type="text" icon={icons[theme]} aria-label={t('appearance.themeOf', { theme: t(`appearance.theme.${theme}`) })} />
      </Dropdown>
    </div>
  );
}
