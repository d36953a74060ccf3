import type { Catalogue } from './entries.ts';
import { createServerText } from './server-text.ts';

/** Loaded for who reads Chinese, as a chunk of its own. */
const areas = import.meta.glob<Catalogue>('./zh/*.json', { eager: true, import: 'default' });

export const serverText = createServerText(Object.assign({}, ...Object.values(areas)) as Catalogue);
