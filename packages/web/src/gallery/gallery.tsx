/**
 * Every component in every state, in both themes side by side: `npm run dev -w packages/web`, then /gallery.html. For those
 * who work on the components; the built app does not contain it, so its words are not in the catalogues.
 */
import '@fontsource-variable/inter/opsz.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../design/base.css';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { huesCount } from '@kith/api/settings-shapes';
import { LiveRegion } from '../design/live-region.tsx';
import { Motion } from '../design/motion.tsx';
import { TooltipProvider } from '../design/tooltip.tsx';
import { Toaster } from '../design/toaster.tsx';
import { languageOf, setLanguage } from '../i18n/language.ts';
import { Controls } from './controls.tsx';
import { Pictures } from './pictures.tsx';
import { Surfaces } from './surfaces.tsx';

function Side({ theme, children }: { theme: 'light' | 'dark'; children: ReactNode }) {
  return (
    <div data-theme={theme} className="h-screen min-w-0 flex-1 overflow-y-auto bg-ground p-8 text-text">
      {children}
    </div>
  );
}

function Gallery() {
  return (
    <I18nProvider i18n={i18n}>
      <Motion reduced="user">
        <TooltipProvider>
          <main className="flex">
            {(['light', 'dark'] as const).map((theme) => (
              <Side key={theme} theme={theme}>
                <div className="flex flex-col gap-8">
                  <Controls />
                  <Surfaces />
                  <Pictures hues={huesCount} />
                </div>
              </Side>
            ))}
          </main>
          <Toaster />
          <LiveRegion />
        </TooltipProvider>
      </Motion>
    </I18nProvider>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('gallery.html has no root');
await setLanguage(languageOf('system', navigator.languages));
createRoot(root).render(
  <StrictMode>
    <Gallery />
  </StrictMode>,
);
