import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown, type ButtonProps, type MenuProps } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../i18n/languages.ts';
import { themeChoices, type ThemeChoice } from './appearance.ts';
import { useAppearance } from './appearance-context.ts';
import css from './layout.module.css';

const icons: Record<ThemeChoice, React.ReactNode> = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };

/** A menu of which one is chosen. Then the focus is on its button again, which Ant Design sees to only when the menu is left without a choice. */
function Choice({ items, chosen, onChoose, ...button }: { items: NonNullable<MenuProps['items']>; chosen: string; onChoose: (key: string) => void } & Omit<ButtonProps, 'onClick'>) {
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items, selectable: true, selectedKeys: [chosen], onClick: ({ key }) => onChoose(key) }}
      onOpenChange={(_open, { source }) => {
        // Later: the key that chose would press the button too.
        if (source === 'menu') requestAnimationFrame(() => opener.current?.focus());
      }}
    >
      <Button type="text" {...button} ref={opener} />
    </Dropdown>
  );
}

export function AppearanceControls() {
  const { t } = useTranslation();
  const { language, theme, change } = useAppearance();
  return (
    <div className={css.controls}>
      <Choice
        items={languages.map((key) => ({ key, label: <span lang={key}>{languageNames[key]}</span> }))}
        chosen={language}
        onChoose={(key) => change({ language: languages.find((known) => known === key) ?? language })}
        aria-label={t('appearance.language', { language: languageNames[language] })}
      >
        {languageNames[language]}
      </Choice>
      <Choice
        items={themeChoices.map((key) => ({ key, icon: icons[key], label: t(`appearance.theme.${key}`) }))}
        chosen={theme}
        onChoose={(key) => change({ theme: themeChoices.find((known) => known === key) ?? theme })}
        icon={icons[theme]}
        aria-label={t('appearance.themeOf', { theme: t(`appearance.theme.${theme}`) })}
      />
    </div>
  );
}
