/**
 * A part beside a page that has a file of its own, loaded when it is first shown. Where that cannot be had, as while the node is
 * away or after it was replaced by a newer one, the part alone stays out and says so, and what is around it goes on; it is asked for
 * anew when it is shown the next time.
 * Browsers that remember a failed import (HTML did until 2026) have it when the page was loaded anew.
 */
import { Component, lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';
import { translate } from '../i18n/texts.ts';
import { retried } from './retried.ts';
import { showToast } from './toast-store.ts';

interface LateProps {
  /** Shown until it is there. */
  meanwhile?: ReactNode;
  /** It cannot be shown: whoever shows it stops, so that the next wish begins anew. */
  onFailed: () => void;
}

interface LateOptions {
  /** The person asked for it: that it cannot be had is told. */
  isWished?: boolean;
  /** It is loaded while nothing else is to be done ({@link loadLateParts}), and then drawn at once: React waits before it shows what was not there. */
  isAhead?: boolean;
}

const ahead = new Set<() => void>();
let isTime = false;

/** While nothing else is to be done. What failed is asked for again when it is shown. */
export function loadLateParts(): void {
  isTime = true;
  for (const load of ahead) load();
}

/**
 * @example
 * const Switcher = latePart(async () => (await import('./switcher.tsx')).Switcher);
 */
export function latePart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { isWished = true, isAhead = false }: LateOptions = {},
): (props: LateProps & { part: Props }) => ReactNode {
  let loaded: ComponentType<Props> | undefined;
  const keep = async (): Promise<ComponentType<Props>> => (loaded = await load());
  const current = retried(keep, (attempt) => lazy(async () => ({ default: await attempt() })));
  const early = (): void => void keep().catch(() => undefined);
  if (isAhead && isTime) early();
  else if (isAhead) ahead.add(early);
  return function LatePart({ meanwhile, onFailed, part }) {
    const [Part] = useState(() => loaded ?? current());
    return (
      <Fence
        onFailed={() => {
          if (isWished) showToast({ text: translate('part.missing'), look: 'bad' });
          onFailed();
        }}
      >
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
