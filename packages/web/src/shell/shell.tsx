/**
 * The frame: rail, list, content, which a page fills. Below 640 px one pane at a time: the list at `/` and `/settings`, the
 * content everywhere else, with a way back.
 */
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { classNames } from '../design/class-names.ts';
import { afterPaint } from '../design/after-paint.ts';
import { ErrorBoundary } from '../design/error-boundary.tsx';
import { awaitArrival, isFocusFree } from '../design/focus-trail.ts';
import { latePart } from '../design/late-part.tsx';
import { LockScreen, useIsLocked } from '../lock/lock-screen.tsx';
import { useNothingLeft } from '../lock/nothing-left.ts';
import { useTexts } from '../i18n/texts.ts';
import { BottomBar } from './bottom-bar.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { ListPane } from './list-pane.tsx';
import { Rail } from './rail.tsx';
import { SettingsList } from '../settings/settings-list.tsx';
import { useShortcuts } from './shortcuts.ts';
import { closeOverlay, useOverlays } from './overlays.ts';
import { useTitle } from './title.ts';
import { useTypeAhead } from './type-ahead.ts';
import { useNews } from '../notify/use-news.ts';
import { useNotifications } from '../notify/use-notifications.ts';

const Switcher = latePart(async () => (await import('./switcher.tsx')).Switcher, { isAhead: true });
const KeyboardMap = latePart(async () => (await import('./keyboard-map.tsx')).KeyboardMap, { isAhead: true });

export function Shell() {
  const isLocked = useIsLocked();
  useTitle(isLocked);
  useNotifications(isLocked);
  useNews(isLocked);
  useNothingLeft(isLocked);
  return isLocked ? <LockScreen /> : <Panes />;
}

function Panes() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const overlay = useOverlays((state) => state.open);
  const content = useRef<HTMLElement>(null);
  useShortcuts();
  useTypeAhead();
  const isList = pathname === '/' || pathname === '/settings';
  const inSettings = pathname.startsWith('/settings');
  const router = useRouter();

  // Any way: also back to the page that still stands there while another one is on its way.
  useEffect(() => router.subscribe('onBeforeNavigate', awaitArrival), [router]);

  useEffect(() => {
    if (isList) return undefined;
    // What a new page begins with is read first; a field that took the focus by itself, just before, keeps it.
    return afterPaint(() => {
      if (!isFocusFree() || content.current?.contains(document.activeElement) === true) return;
      content.current?.focus({ preventScroll: true });
    });
  }, [pathname, isList]);

  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="absolute start-2 top-2 z-50 -translate-y-16 rounded-control bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {t('shell.skip')}
      </a>
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <Rail />
        <ListPane className={classNames(!isList && 'max-pane:hidden')}>
          {inSettings ? <SettingsList /> : undefined}
        </ListPane>
        <main
          ref={content}
          id="content"
          tabIndex={-1}
          className={classNames(
            'flex min-w-0 flex-1 flex-col bg-ground outline-none',
            isList && 'max-pane:hidden',
          )}
        >
          <ErrorBoundary resetKey={pathname}>
            <Outlet />
          </ErrorBoundary>
        </main>
      </div>
      {isList && <BottomBar />}
      {overlay === 'switcher' && <Switcher part={{}} onFailed={closeOverlay} />}
      {overlay === 'keyboard' && <KeyboardMap part={{}} onFailed={closeOverlay} />}
    </div>
  );
}
