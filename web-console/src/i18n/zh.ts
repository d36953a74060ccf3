/** By the path of their file. */
export const texts = import.meta.glob<Record<string, unknown>>('./zh/*.json', { import: 'default', eager: true });
export { default as antLocale } from 'antd/es/locale/zh_CN';
