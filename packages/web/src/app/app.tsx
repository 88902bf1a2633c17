/** What is around every page: texts, kept answers, springs, tooltips, toasts, and what is said to screen readers. */
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { latePart } from '../design/late-part.tsx';
import { LiveRegion } from '../design/live-region.tsx';
import { TooltipProvider } from '../design/tooltip.tsx';
import { useIsReady } from '../data/follow.ts';
import { useConversationList } from '../data/live-talk.ts';
import { queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import { useToasts } from '../design/toast-store.ts';
import { useIsIdle } from './ahead.ts';
import { Gate } from './gate.tsx';
import { loadAhead } from './router.tsx';
import { useLook } from './look.ts';

const Toasts = latePart(async () => (await import('./toasts.tsx')).Toasts, { isWished: false });

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <I18nProvider i18n={i18n}>
        <Dressed />
      </I18nProvider>
    </QueryClientProvider>
  );
}

function Dressed() {
  const isReady = useIsReady();
  // Until they are known, the page stays as first-look.js dressed it.
  const { data: settings } = useQuery({ ...queries.settings, enabled: isReady });
  useLook(settings);
  const isIdle = useIsIdle(useConversationList() !== null);
  useEffect(() => {
    if (isIdle) loadAhead();
  }, [isIdle]);
  const hasToast = useToasts(({ toasts }) => toasts.length > 0);
  const [isMissing, setIsMissing] = useState(false);
  // Once they could not be had, each first toast asks for them anew.
  const isShowing = hasToast || (isIdle && !isMissing);
  return (
    <TooltipProvider>
      <Gate />
      {isShowing && (
        <Toasts
          part={{ reduced: settings?.motion === 'reduced' ? 'always' : 'user' }}
          onFailed={() => setIsMissing(true)}
        />
      )}
      <LiveRegion />
    </TooltipProvider>
  );
}
