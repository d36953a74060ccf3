// Before any style sheet of ours, which may overrule it.
import 'virtual:ant-design.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { App } from './app/app.tsx';
import { appearanceAtStart, AppearanceProvider, loadAntLocale } from './app/appearance-provider.tsx';
import { createAhead } from './graphql/ahead.ts';
import { requestOf } from './graphql/client.ts';
import { HomeDocument } from './graphql/generated/graphql.ts';
import { firstPage } from './home/home.tsx';
import { createI18n } from './i18n/i18n.ts';
import { takeCode } from './session/code-of-link.ts';
import { createSessionApi } from './session/session.ts';
import { SessionProvider } from './session/session-provider.tsx';
import './app/base.css';

const code = takeCode(window.location, window.history);
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const appearance = appearanceAtStart();
const api = createSessionApi({ fetch: (...request) => fetch(...request) });
// Asked for while everything else is loaded: the session, and what most visits begin with.
const ahead = createAhead((url, init) => fetch(url, init));
const sessionAtStart = code === undefined ? api.current() : undefined;
// The session's provider says what became of it; until it is there, nobody listens.
sessionAtStart?.catch(() => undefined);
if (window.location.pathname === '/') ahead.begin(...requestOf(HomeDocument, firstPage));
const [i18n, locale] = await Promise.all([createI18n(appearance.language), loadAntLocale(appearance.language)]);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root"');

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <AppearanceProvider i18n={i18n} first={appearance} firstLocale={locale} nonce={nonce}>
        <BrowserRouter>
          <SessionProvider api={api} code={code} atStart={sessionAtStart} send={ahead.send}>
            <App />
          </SessionProvider>
        </BrowserRouter>
      </AppearanceProvider>
    </I18nextProvider>
  </StrictMode>,
);
