import { HomePage } from '../shell/home-page.tsx';

export function VerifyPage() {
  return <HomePage />;
}
