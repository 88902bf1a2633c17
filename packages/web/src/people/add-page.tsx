import { HomePage } from '../shell/home-page.tsx';

export function AddPage() {
  return <HomePage />;
}
