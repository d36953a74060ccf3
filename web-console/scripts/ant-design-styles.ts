import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extractStyle } from '@ant-design/static-style-extract';
import { ConfigProvider } from 'antd';
import { createElement } from 'react';
import type { Plugin } from 'vite';

const sources = fileURLToPath(new URL('../src', import.meta.url));
const id = 'virtual:ant-design.css';
const resolved = '/@ant-design.css';
/** Of the rules that hold a theme's values, which the page makes itself: it knows the theme. */
const themeKey = 'extracted-theme';

/** What components of Ant Design show by themselves, as a list without entries does. */
const usedWithin = ['Empty'];

/** Names that the console takes from Ant Design and that are components. */
export const componentsUsedIn = (code: string): string[] =>
  [...code.matchAll(/import \{([^}]*)\} from 'antd'/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim().split(' as ')[0] ?? '')
    .filter((name) => name !== '' && !/^(type |theme$)/.test(name));

/** The style sheet of these components, without the values of any theme. */
export const stylesOf = (components: readonly string[]): string =>
  extractStyle({
    includes: [...new Set(components)],
    customTheme: (node) => createElement(ConfigProvider, { theme: { hashed: false, cssVar: { key: themeKey } } }, node),
  }).replaceAll(new RegExp(`\\.${themeKey}[^{}]*\\{[^{}]*\\}`, 'g'), '');

const sourceFiles = (): string[] => globSync('**/*.tsx', { cwd: sources }).map((file) => `${sources}/${file}`);

/** The style sheet of all that the console uses. */
export const consoleStyles = (): string => stylesOf([...sourceFiles().flatMap((file) => componentsUsedIn(readFileSync(file, 'utf8'))), ...usedWithin]);

/** Ant Design's styles as a file: made by script in the page, they take longer than everything else that the first screen needs. */
export const antDesignStyles = (): Plugin => ({
  name: 'guildhall-ant-design-styles',
  resolveId: (source) => (source === id ? resolved : undefined),
  load(loaded) {
    if (loaded !== resolved) return undefined;
    for (const file of sourceFiles()) this.addWatchFile(file);
    return consoleStyles();
  },
});
