/**
 * How the app looks and in which language it speaks, as the settings say. Written down for first-look.js, which puts the
 * same on the page before the first paint of the next start.
 */
import { useEffect } from 'react';
import type { Settings } from '@kith/api/settings-shapes';
import { languageOf, setLanguage } from '../i18n/language.ts';

const keptAs = 'kith.look';
const darkGround = '#101115';
const lightGround = '#faf9f8';

type Look = Pick<Settings, 'theme' | 'density' | 'motion' | 'accent' | 'language'>;

/** What the last start wrote down. Nothing of it is sure. */
function kept(): Partial<Record<keyof Look, unknown>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keptAs) ?? '{}');
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    // Nothing was kept, or it cannot be read.
    return {};
  }
}

/** The language to begin with, before the node told the settings. */
export function keptLanguage(): Settings['language'] {
  const { language } = kept();
  return language === 'en' || language === 'de' ? language : 'system';
}

function paint(isDark: boolean): void {
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', isDark ? darkGround : lightGround);
}

/** Now, and whenever the system's theme changes. @returns ends it. */
function followSystem(draw: (systemIsDark: boolean) => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const change = (): void => draw(system.matches);
  change();
  system.addEventListener('change', change);
  return () => system.removeEventListener('change', change);
}

function apply({ theme, density, motion, accent }: Look, systemIsDark: boolean): void {
  const root = document.documentElement;
  paint(theme === 'dark' || (theme === 'system' && systemIsDark));
  root.dataset['density'] = density;
  root.dataset['motion'] = motion;
  root.classList.remove(...Array.from(root.classList).filter((name) => name.startsWith('hue-')));
  if (accent !== null) root.classList.add(`hue-${String(accent)}`);
}

/** @param settings - Undefined while they are not known: the page stays as first-look.js dressed it. */
export function useLook(settings: Settings | undefined): void {
  const { theme, density, motion, accent, language } = settings ?? {};
  useEffect(() => {
    if (
      theme === undefined ||
      density === undefined ||
      motion === undefined ||
      accent === undefined ||
      language === undefined
    ) {
      const chosen = kept().theme;
      return chosen === 'light' || chosen === 'dark' ? undefined : followSystem(paint);
    }
    const look: Look = { theme, density, motion, accent, language };
    try {
      localStorage.setItem(keptAs, JSON.stringify(look));
    } catch {
      // Storage is full or switched off: the next start shows the system's theme for a moment.
    }
    return followSystem((systemIsDark) => apply(look, systemIsDark));
  }, [theme, density, motion, accent, language]);

  useEffect(() => {
    if (language === undefined) return;
    // A catalogue is a file of the node's: where it cannot be had, the language stays as it is.
    setLanguage(languageOf(language, navigator.languages)).catch(() => undefined);
  }, [language]);
}
