/** By the path of their file. */
export const texts = import.meta.glob<Record<string, unknown>>('./en/*.json', { import: 'default', eager: true });
export { default as antLocale } from 'antd/es/locale/en_GB';
