/**
 * The language of the app: which one, and its catalogue, which is loaded when it is first wanted. Changing it draws every
 * text anew, without a reload.
 */
import { i18n, type Messages } from '@lingui/core';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** Compiled by build/compiled-texts.ts. */
const catalogues: Record<Language, () => Promise<{ catalogue: Messages }>> = {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
};

/**
 * @param chosen - What the settings say.
 * @param offered - The browser's languages, the dearest first.
 * @returns the chosen one; for `system` the first that the browser and the app share, else English.
 */
export function languageOf(chosen: 'system' | Language, offered: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  for (const tag of offered) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Resolves when every text is in that language. The last call wins, whichever catalogue comes first. */
export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  if (i18n.locale === language) return;
  const { catalogue } = await catalogues[language]();
  if (wanted !== language) return;
  i18n.loadAndActivate({ locale: language, messages: catalogue });
  document.documentElement.lang = language;
}

let wanted: Language | undefined;

/**
 * The tag that dates and numbers follow: the browser's own variant of the language (`de-CH`, `en-GB`), where it has one.
 */
export function formatTag(language: string, offered: readonly string[]): string {
  return offered.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}
