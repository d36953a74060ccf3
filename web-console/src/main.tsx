import { ahead, api, appearance, code, sessionAtStart, words } from './start.ts';
// Before any style sheet of ours, which may overrule it.
import 'virtual:ant-design.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { App } from './app/app.tsx';
import { AppearanceProvider } from './app/appearance-provider.tsx';
import { createI18n } from './i18n/i18n.ts';
import { SessionProvider } from './session/session-provider.tsx';
import { soon } from './soon.ts';
import './app/base.css';

async function draw(): Promise<void> {
  // Mostly it is known by now who is signed in, and the first thing drawn is a page.
  const [i18n, { antLocale }, session] = await Promise.all([createI18n(appearance.language), words, soon(sessionAtStart)]);
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no element "root"');
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <AppearanceProvider i18n={i18n} first={appearance} firstLocale={antLocale} nonce={nonce}>
          <BrowserRouter>
            <SessionProvider api={api} code={code} atStart={sessionAtStart} known={session} send={ahead.send}>
              <App />
            </SessionProvider>
          </BrowserRouter>
        </AppearanceProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

// Not awaited: the words stand partly on this file, and would wait for its end.
void draw();
