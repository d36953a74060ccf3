import { appearanceAtStart } from './app/appearance.ts';
import { createAhead } from './graphql/ahead.ts';
import { requestOf } from './graphql/client.ts';
import { HomeDocument } from './graphql/generated/graphql.ts';
import { firstPage } from './home/first-page.ts';
import { loadWords } from './i18n/load-words.ts';
import { takeCode } from './session/code-of-link.ts';
import { createSessionApi } from './session/session.ts';

/*
 * What the first screen waits for, asked for while the console is still on its way: this file comes before all others, with the little
 * that it imports (vite.config.ts).
 */

export const code = takeCode(window.location, window.history);
export const appearance = appearanceAtStart();
// The words first: they are at hand, the list has to be looked up. What failed is told where they are waited for.
export const words = loadWords(appearance.language);
words.catch(() => undefined);
export const api = createSessionApi({ fetch: (...request) => fetch(...request) });
export const ahead = createAhead((url, init) => fetch(url, init));
export const sessionAtStart = code === undefined ? api.current() : undefined;
// The session's provider says what became of it; until it is there, nobody listens.
sessionAtStart?.catch(() => undefined);
if (window.location.pathname === '/') ahead.begin(...requestOf(HomeDocument, firstPage));
