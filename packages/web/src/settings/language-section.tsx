/** The language of the app. Its names stand in their own language, whatever the present one is. */
import { RadioGroup } from 'radix-ui';
import { Check } from 'lucide-react';
import type { Settings } from '@kith/api/settings-shapes';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { languageOf } from '../i18n/language.ts';
import { useTexts } from '../i18n/texts.ts';

/** As their speakers write them: never translated. */
const ownNames = { en: 'English', de: 'Deutsch' } as const;

export function LanguageSection() {
  const { t } = useTexts();
  const { language } = useSettings();
  const changeSettings = useChangeSettings();
  const bySystem = ownNames[languageOf('system', navigator.languages)];
  const choices: { value: Settings['language']; name: string; text?: string }[] = [
    { value: 'system', name: t('language.system'), text: bySystem },
    { value: 'en', name: ownNames.en },
    { value: 'de', name: ownNames.de },
  ];
  return (
    <RadioGroup.Root
      aria-label={t('settings.language')}
      value={language}
      onValueChange={(value) => {
        const choice = choices.find((each) => each.value === value);
        if (choice !== undefined) changeSettings({ language: choice.value });
      }}
      className="divide-y overflow-hidden rounded-panel border bg-raised"
    >
      {choices.map(({ value, name, text }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          data-inset-focus=""
          className="flex min-h-12 w-full items-center gap-3 px-4 text-start transition-colors hover:bg-hover"
        >
          <span className="min-w-0 flex-1" lang={value === 'system' ? undefined : value}>
            {name}
            {text !== undefined && <span className="text-secondary"> · {text}</span>}
          </span>
          <RadioGroup.Indicator>
            <Check size={18} className="text-accent-text" />
          </RadioGroup.Indicator>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
