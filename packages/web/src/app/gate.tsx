/** Decides what there is to show at all: the app, or why not yet. */
import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Button } from '../design/button.tsx';
import { retryConnection, useConnectionState } from '../data/connection.ts';
import { useIsReady } from '../data/follow.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { Command, FullPage } from './full-page.tsx';
import { router } from './router.tsx';
import { Waiting } from './waiting.tsx';

/** Types of commands, not words: the same in every language. */
const startCommand = 'npm start';
const linkCommand = 'kith app';

export function Gate() {
  const { t } = useTexts();
  const state = useConnectionState();
  const isReady = useIsReady();
  if (state === 'signed-out') {
    return (
      <FullPage title={t('gate.signed-out.title')} text={t('gate.signed-out.text')}>
        <Command>{linkCommand}</Command>
        <p className="text-small text-faint">{t('gate.signed-out.then')}</p>
      </FullPage>
    );
  }
  if (state === 'no-crypto')
    return <FullPage title={t('gate.no-crypto.title')} text={t('gate.no-crypto.text')} />;
  if (isReady) return <Started />;
  if (state === 'no-node') {
    return (
      <FullPage title={t('gate.no-node.title')} text={t('gate.no-node.text')}>
        <Command>{startCommand}</Command>
        <Button look="quiet" onClick={retryConnection}>
          {t('action.retry')}
        </Button>
      </FullPage>
    );
  }
  if (state === 'busy') return <FullPage title={t('gate.busy.title')} text={t('gate.busy.text')} />;
  return <Waiting />;
}

/** A guess: a node that could not tell them has much to do. */
const askAgainMs = 2_000;

/**
 * The look, the lock and the first steps depend on the settings, so nothing is drawn before they are known or refused. Where they were
 * refused, they are asked for until they are known: whoever locked sees nothing but the lock meanwhile, with a PIN or without.
 */
function Started() {
  const settings = useQuery({
    ...queries.settings,
    refetchInterval: ({ state }) => (state.data === undefined ? askAgainMs : false),
  });
  const profile = useQuery(queries.profile);
  if (!settings.isFetched || !profile.isFetched) return <Waiting />;
  return <RouterProvider router={router} />;
}
