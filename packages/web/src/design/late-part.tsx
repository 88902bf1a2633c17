/**
 * A part beside a page that has a file of its own, loaded when it is first shown. Where that cannot be had, as while the node is
 * away, the part alone stays out, and what is around it goes on; it is asked for anew when it is shown the next time.
 * Browsers that remember a failed import (HTML did until 2026) have it when the page was loaded anew.
 */
import {
  Component,
  lazy,
  Suspense,
  useState,
  type ComponentType,
  type LazyExoticComponent,
  type ReactNode,
} from 'react';

interface LateProps {
  /** Shown until it is there. */
  meanwhile?: ReactNode;
  /** It cannot be shown: whoever shows it stops, so that the next wish begins anew. */
  onFailed: () => void;
}

/**
 * @example
 * const Switcher = latePart(async () => (await import('./switcher.tsx')).Switcher);
 */
export function latePart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: LateProps & { part: Props }) => ReactNode {
  // React keeps a failure for as long as its component: the next wish gets another.
  const make = (): LazyExoticComponent<ComponentType<Props>> =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        current = make();
        throw error;
      }
    });
  let current = make();
  return function LatePart({ meanwhile, onFailed, part }) {
    const [Part] = useState(() => current);
    return (
      <Fence onFailed={onFailed}>
        <Suspense fallback={meanwhile}>
          <Part {...part} />
        </Suspense>
      </Fence>
    );
  };
}

class Fence extends Component<{ children: ReactNode; onFailed: () => void }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch({ name }: Error): void {
    // The kind only: a text of a message may stand in an error's words.
    console.error(`A part of the app could not be shown: ${name}`);
    this.props.onFailed();
  }

  override render() {
    return this.state.failed ? null : this.props.children;
  }
}
