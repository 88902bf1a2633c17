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

/** The language to begin with, before the node told the settings. */
export function keptLanguage(): Settings['language'] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keptAs) ?? '{}');
    const language =
      typeof kept === 'object' && kept !== null && 'language' in kept ? kept.language : undefined;
    return language === 'en' || language === 'de' ? language : 'system';
  } catch {
    // Nothing was kept, or it cannot be read.
    return 'system';
  }
}

function apply({ theme, density, motion, accent }: Look, systemIsDark: boolean): void {
  const root = document.documentElement;
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark);
  root.dataset['theme'] = isDark ? 'dark' : 'light';
  root.dataset['density'] = density;
  root.dataset['motion'] = motion;
  root.classList.remove(...Array.from(root.classList).filter((name) => name.startsWith('hue-')));
  if (accent !== null) root.classList.add(`hue-${String(accent)}`);
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', isDark ? darkGround : lightGround);
}

/** @param settings - Undefined while they are not known: nothing changes. */
export function useLook(settings: Settings | undefined): void {
  const { theme, density, motion, accent, language } = settings ?? {};
  useEffect(() => {
    if (theme === undefined || density === undefined || motion === undefined) return undefined;
    if (accent === undefined || language === undefined) return undefined;
    const look: Look = { theme, density, motion, accent, language };
    const system = matchMedia('(prefers-color-scheme: dark)');
    const draw = (): void => apply(look, system.matches);
    draw();
    try {
      localStorage.setItem(keptAs, JSON.stringify(look));
    } catch {
      // Storage is full or switched off: the next start shows the system's theme for a moment.
    }
    system.addEventListener('change', draw);
    return () => system.removeEventListener('change', draw);
  }, [theme, density, motion, accent, language]);

  useEffect(() => {
    if (language === undefined) return;
    // A catalogue is a file of the node's: where it cannot be had, the language stays as it is.
    setLanguage(languageOf(language, navigator.languages)).catch(() => undefined);
  }, [language]);
}
