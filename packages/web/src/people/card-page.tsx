import { HomePage } from '../shell/home-page.tsx';

export function CardPage() {
  return <HomePage />;
}
