/** One part of the settings. */
import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { NotFound } from '../app/lost.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Page } from '../shell/page.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { BrowsersSection } from './browsers-section.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { LanguageSection } from './language-section.tsx';
import { LockSection } from './lock-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { NotificationsSection } from './notifications-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import { sections, type SectionId } from './sections.tsx';
import { StorageSection } from './storage-section.tsx';

const contents: Record<SectionId, ComponentType> = {
  profile: ProfileSection,
  notifications: NotificationsSection,
  appearance: AppearanceSection,
  language: LanguageSection,
  privacy: PrivacySection,
  lock: LockSection,
  browsers: BrowsersSection,
  storage: StorageSection,
  network: NetworkSection,
  diagnostics: DiagnosticsSection,
  about: AboutSection,
};

export function SettingsPage() {
  const { t } = useTexts();
  const { section: asked = 'profile' } = useParams({ strict: false });
  const section = sections.find(({ id }) => id === asked);
  if (section === undefined) return <NotFound />;
  const Content = contents[section.id];
  return (
    <Page title={t(section.name)} back="/settings">
      <Content />
    </Page>
  );
}
