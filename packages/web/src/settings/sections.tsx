/** The parts of the settings, as data: their address, name, and by which words else they are found. */
import {
  Activity,
  Bell,
  Database,
  Globe,
  Info,
  Lock,
  MonitorSmartphone,
  Palette,
  Shield,
  User,
  Wifi,
  type LucideIcon,
} from 'lucide-react';
import type { TextId } from '../i18n/texts.ts';

export type SectionId =
  | 'profile'
  | 'notifications'
  | 'appearance'
  | 'language'
  | 'privacy'
  | 'lock'
  | 'storage'
  | 'network'
  | 'browsers'
  | 'diagnostics'
  | 'about';

export interface SettingsSection {
  id: SectionId;
  name: TextId;
  /** More words by which people look for it. */
  also: TextId;
  icon: LucideIcon;
  /** Begins a new group. */
  first?: boolean;
}

export const sections: readonly SettingsSection[] = [
  { id: 'profile', name: 'settings.profile', also: 'settings.profile.also', icon: User },
  { id: 'notifications', name: 'settings.notifications', also: 'settings.notifications.also', icon: Bell },
  { id: 'appearance', name: 'settings.appearance', also: 'settings.appearance.also', icon: Palette },
  { id: 'language', name: 'settings.language', also: 'settings.language.also', icon: Globe },
  { id: 'privacy', name: 'settings.privacy', also: 'settings.privacy.also', icon: Shield, first: true },
  { id: 'lock', name: 'settings.lock', also: 'settings.lock.also', icon: Lock },
  { id: 'browsers', name: 'settings.browsers', also: 'settings.browsers.also', icon: MonitorSmartphone },
  { id: 'storage', name: 'settings.storage', also: 'settings.storage.also', icon: Database, first: true },
  { id: 'network', name: 'settings.network', also: 'settings.network.also', icon: Wifi },
  { id: 'diagnostics', name: 'settings.diagnostics', also: 'settings.diagnostics.also', icon: Activity },
  { id: 'about', name: 'settings.about', also: 'settings.about.also', icon: Info },
];
