import { theme, type ThemeConfig } from 'antd';

const palettes = {
  light: { primary: '#17607a', ground: '#f4f5f2', surface: '#ffffff', raised: '#f8f9f7', selected: '#e4eef1', line: '#dde0db', text: '#1c2529', muted: '#566268', good: '#246b43', warn: '#8a5a00', bad: '#b0332a', link: '#17607a' },
  dark: { primary: '#2c7f9c', ground: '#101517', surface: '#171e21', raised: '#1d2529', selected: '#1e323a', line: '#2e393e', text: '#e3e8e9', muted: '#9aa8ae', good: '#6cc08d', warn: '#dfae55', bad: '#ef8d83', link: '#76bcd6' },
} as const;

export const paletteOf = (dark: boolean) => palettes[dark ? 'dark' : 'light'];

/** In the order of preference; the topology's picture names them too. */
export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const monospace = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace';

/** Ant Design's tokens, calm and dense. Our own style sheets take the same colours from the custom properties below. */
export function themeOf(dark: boolean, reducedMotion: boolean): ThemeConfig {
  const colours = paletteOf(dark);
  return {
    // Styles come from a file (scripts/ant-design-styles.ts); what is made in the page is the theme's values.
    zeroRuntime: true,
    hashed: false,
    cssVar: { key: 'gh' },
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: colours.primary,
      // Ant Design's own is lighter in the dark, and too light for the white on it.
      ...(dark ? { colorPrimaryHover: '#246a83' } : {}),
      colorInfo: colours.primary,
      colorLink: colours.link,
      colorSuccess: colours.good,
      colorWarning: colours.warn,
      colorError: colours.bad,
      // Those that Ant Design derives from such dark colours are grey.
      colorSuccessBg: dark ? '#16251c' : '#eaf4ee',
      colorWarningBg: dark ? '#2a2213' : '#fbf3e2',
      colorErrorBg: dark ? '#2c1a18' : '#fbeceb',
      colorInfoBg: colours.selected,
      colorSuccessBorder: dark ? '#2f5a40' : '#a9cdb8',
      colorWarningBorder: dark ? '#6b5426' : '#dcbf85',
      colorErrorBorder: dark ? '#74403b' : '#e0aca7',
      colorTextBase: colours.text,
      colorBgBase: colours.surface,
      colorBgLayout: colours.ground,
      colorBgElevated: dark ? '#1f282c' : colours.surface,
      colorPrimaryBg: colours.selected,
      controlItemBgActive: colours.selected,
      controlItemBgActiveHover: colours.selected,
      colorBgContainer: dark ? colours.raised : colours.surface,
      colorBorder: dark ? '#56656c' : '#8b979c',
      colorBorderSecondary: colours.line,
      colorTextSecondary: colours.muted,
      colorTextDescription: colours.muted,
      colorTextPlaceholder: dark ? '#a3b0b6' : '#66737a',
      fontFamily,
      fontFamilyCode: monospace,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: 34,
      motion: !reducedMotion,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Segmented: { trackBg: colours.line },
    },
  };
}

/** The same colours for our own style sheets; set by script, which a strict content policy allows. */
export function setCustomProperties(style: CSSStyleDeclaration, dark: boolean): void {
  for (const [name, value] of Object.entries(paletteOf(dark))) style.setProperty(`--gh-${name}`, value);
  style.setProperty('--gh-font', fontFamily);
  style.setProperty('--gh-mono', monospace);
  style.setProperty('color-scheme', dark ? 'dark' : 'light');
}
