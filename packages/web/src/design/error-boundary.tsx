/** What broke stays where it broke: the rest of the app goes on, and the person can try again. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { useTexts } from '../i18n/texts.ts';

interface Props {
  children: ReactNode;
  /** A new value tries again: the page's path. */
  resetKey?: string;
}

interface State {
  failed: boolean;
  resetKey: string | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false, resetKey: undefined };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    return resetKey === state.resetKey ? null : { failed: false, resetKey };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    // Kinds and places only: a text of a message may stand in an error's words.
    console.error(`The app failed while drawing: ${error.name}`, error.stack?.split('\n')[1], componentStack);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <Broken onRetry={() => this.setState({ failed: false })} />;
  }
}

export function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useTexts();
  return (
    <EmptyState
      title={t('broken.title')}
      text={t('broken.text')}
      action={<Button onClick={onRetry}>{t('action.retry')}</Button>}
    />
  );
}
