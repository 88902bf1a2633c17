import { HomePage } from '../shell/home-page.tsx';

export function ConversationPage() {
  return <HomePage />;
}
