/** Light or dark, the accent, how dense, how much moves. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { HueChoice } from '../design/hue-choice.tsx';
import { ownHue } from '../design/hues.ts';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { ChoiceRow, Row, Rows, SwitchRow } from './rows.tsx';

const size = 16;

export function AppearanceSection() {
  const { t } = useTexts();
  const { theme, accent, density, motion } = useSettings();
  const changeSettings = useChangeSettings();
  return (
    <>
      <Rows>
        <ChoiceRow
          label={t('appearance.theme')}
          value={theme}
          onChange={(chosen) => changeSettings({ theme: chosen })}
          options={[
            { value: 'system', label: t('appearance.theme.system'), icon: <Monitor size={size} /> },
            { value: 'light', label: t('appearance.theme.light'), icon: <Sun size={size} /> },
            { value: 'dark', label: t('appearance.theme.dark'), icon: <Moon size={size} /> },
          ]}
        />
        <Row
          name={t('appearance.accent')}
          below={
            <HueChoice
              label={t('appearance.accent')}
              value={accent}
              onChange={(hue) => changeSettings({ accent: hue === ownHue ? null : hue })}
            />
          }
        />
      </Rows>
      <Rows>
        <ChoiceRow
          label={t('appearance.density')}
          value={density}
          onChange={(chosen) => changeSettings({ density: chosen })}
          options={[
            { value: 'comfortable', label: t('appearance.density.comfortable') },
            { value: 'compact', label: t('appearance.density.compact') },
          ]}
        />
        <SwitchRow
          name={t('appearance.motion')}
          text={t('appearance.motion.text')}
          checked={motion === 'reduced'}
          onChange={(on) => changeSettings({ motion: on ? 'reduced' : 'system' })}
        />
      </Rows>
    </>
  );
}
