import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsUsedIn, consoleStyles, stylesOf } from './ant-design-styles.ts';

test('what a source takes from Ant Design is found, without types', () => {
  assert.deepEqual(componentsUsedIn("import { App as AntApp, Button, type ButtonProps } from 'antd';\nimport { theme, type ThemeConfig } from 'antd';\nimport { notification } from 'antd';"), ['App', 'Button', 'notification']);
});

test('the sheet has the rules of these components, and no values of a theme', () => {
  const styles = stylesOf(['Button', 'notification']);
  assert.match(styles, /\.ant-btn\b[^{]*\{/);
  assert.match(styles, /\.ant-notification\b[^{]*\{/);
  assert.doesNotMatch(styles, /\.ant-select\b/);
  // The page defines them, by the theme that it has.
  assert.doesNotMatch(styles, /\{[^{}]*--ant-color-primary:/);
});

test('the console has the styles of what it shows, and of what that shows by itself', () => {
  const styles = consoleStyles();
  for (const part of ['btn', 'select', 'select-dropdown', 'empty', 'modal', 'drawer', 'dropdown', 'tooltip', 'notification', 'input-number', 'steps', 'spin']) assert.match(styles, new RegExp(`\\.ant-${part}\\b`), part);
});
