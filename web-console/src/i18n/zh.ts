/** All texts at once, by the name of their file: they are small, and no screen waits for its own. */
export const texts = import.meta.glob<Record<string, unknown>>('./zh/*.json', { import: 'default', eager: true });
