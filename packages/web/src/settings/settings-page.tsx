import { HomePage } from '../shell/home-page.tsx';

export function SettingsPage() {
  return <HomePage />;
}
