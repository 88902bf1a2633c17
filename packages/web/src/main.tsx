/** Starts the app in the page. */
import '@fontsource-variable/inter/opsz.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startWorker } from './app/worker.ts';
import { keptLanguage } from './app/look.ts';
import { followNode } from './data/follow.ts';
import { followTalk } from './data/live-talk.ts';
import { followFocus } from './design/focus-trail.ts';
import { languageOf, setLanguage } from './i18n/language.ts';

/** Not awaited at the top: the catalogue's file may need what is in this one, and would wait for it for ever. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no root');
  followFocus();
  followTalk();
  followNode();
  startWorker();
  await setLanguage(languageOf(keptLanguage(), navigator.languages));
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
