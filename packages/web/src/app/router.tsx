/** Every page and its address. Pages come in files of their own, loaded when they are first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Settings } from '@kith/api/settings-shapes';
import { prepareConversation } from '../data/live-talk.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { loadLateParts } from '../design/late-part.tsx';
import { UnlessLocked } from '../lock/lock-screen.tsx';
import { Shell } from '../shell/shell.tsx';

import { NotFound, PageBroken } from './lost.tsx';
import { Waiting } from './waiting.tsx';

const rootRoute = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageBroken });

function isWelcomed(): boolean {
  // Where settings cannot be had, nobody is sent through the first steps again.
  return queryClient.getQueryData<Settings>(keys.settings)?.welcomed ?? true;
}

const firstStepsRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'first-steps',
  component: () => (
    <UnlessLocked>
      <Outlet />
    </UnlessLocked>
  ),
});

const welcomeRoute = createRoute({
  getParentRoute: () => firstStepsRoute,
  path: '/welcome',
  component: lazyRouteComponent(async () => await import('../welcome/welcome-page.tsx'), 'WelcomePage'),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: () => {
    if (!isWelcomed()) throw redirect({ to: '/welcome', replace: true });
  },
});

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: lazyRouteComponent(async () => await import('../shell/home-page.tsx'), 'HomePage'),
});

const ConversationPage = lazyRouteComponent(
  async () => await import('../conversation/conversation-page.tsx'),
  'ConversationPage',
);

/** Owned by the conversation's own rooms; the person it is with is at /person/$contact. */
const conversationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/c/$conversation',
  // A place in the address is a page of its own.
  loader: async ({ params, location }) => {
    if (location.hash === '') await prepareConversation(params.conversation);
  },
  component: ConversationPage,
});

/**
 * The page that is opened first, and what opens beside any page, while nothing else is to be done: both open also when the node
 * went away. What failed is asked for again when it is opened.
 */
export function loadAhead(): void {
  ConversationPage.preload?.()?.catch(() => undefined);
  loadLateParts();
}

const searchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/search',
  validateSearch: (search: Record<string, unknown>): { in?: string; words?: string } => ({
    ...(typeof search['in'] === 'string' ? { in: search['in'] } : {}),
    ...(typeof search['words'] === 'string' ? { words: search['words'] } : {}),
  }),
  component: lazyRouteComponent(async () => await import('../search/search-route.tsx'), 'SearchRoute'),
});

const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/person/$contact',
  component: lazyRouteComponent(async () => await import('../people/person-page.tsx'), 'PersonPage'),
});

const verifyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/person/$contact/verify',
  component: lazyRouteComponent(async () => await import('../people/verify-page.tsx'), 'VerifyPage'),
});

const addRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/add',
  component: lazyRouteComponent(async () => await import('../people/add-page.tsx'), 'AddPage'),
});

const cardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/card',
  component: lazyRouteComponent(async () => await import('../people/card-page.tsx'), 'CardPage'),
});

const requestsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/requests',
  component: lazyRouteComponent(async () => await import('../people/requests-page.tsx'), 'RequestsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(async () => await import('../settings/settings-page.tsx'), 'SettingsPage'),
});

const settingsSectionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/$section',
  component: lazyRouteComponent(async () => await import('../settings/settings-page.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    firstStepsRoute.addChildren([welcomeRoute]),
    shellRoute.addChildren([
      homeRoute,
      conversationRoute,
      searchRoute,
      personRoute,
      verifyRoute,
      addRoute,
      cardRoute,
      requestsRoute,
      settingsRoute,
      settingsSectionRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  // look.md: what comes at once does not flicker.
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
