/**
 * What the node told us, kept until an event says that it changed (apply-events.ts). Nothing is asked twice for nothing,
 * and nothing is repeated after a failure: the connection comes back by itself, and then everything shown is asked anew.
 */
import { QueryClient } from '@tanstack/react-query';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      // What failed is asked again by hand, or when the connection is back.
      retryOnMount: false,
      networkMode: 'always',
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Names of what is kept. Of a conversation's messages only the one that is answered in the composer: see data/messages. */
export const keys = {
  status: ['status'],
  profile: ['profile'],
  settings: ['settings'],
  contacts: ['contacts'],
  conversations: ['conversations'],
  quoted: (conversation: string, id: string | null) => ['quoted', conversation, id],
  allQuoted: (conversation: string) => ['quoted', conversation],
  reach: (contact: string) => ['reach', contact],
  allReach: ['reach'],
  safetyNumber: (contact: string) => ['safety-number', contact],
  allSafetyNumbers: ['safety-number'],
  nearby: ['nearby'],
  peers: ['peers'],
  doctor: ['doctor'],
  browsers: ['browsers'],
  storage: ['storage'],
} as const;
