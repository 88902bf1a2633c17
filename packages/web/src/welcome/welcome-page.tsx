import { HomePage } from '../shell/home-page.tsx';

export function WelcomePage() {
  return <HomePage />;
}
