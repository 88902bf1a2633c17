/** The request box: people who ask to reach us. What they write is theirs; nothing of it is believed. */
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import type { Contact } from '@kith/api/shapes';
import { Button } from '../design/button.tsx';
import { Avatar } from '../design/avatar.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { SkeletonRows } from '../design/skeleton.tsx';
import { showToast } from '../design/toast-store.ts';
import { acceptContact, blockContact, removeContact, useRequests } from '../data/contacts.ts';
import { useTexts } from '../i18n/texts.ts';
import { Page } from '../shell/page.tsx';
import { shortId } from './short-id.ts';
import { useNextFocus } from './use-next-focus.ts';

export function RequestsPage() {
  const { t } = useTexts();
  const requests = useRequests();
  const { list, leaves } = useNextFocus(requests?.map(({ id }) => id) ?? []);
  return (
    <Page title={t('shell.requests')}>
      {requests === undefined ? (
        <SkeletonRows count={2} label={t('state.loading')} />
      ) : requests.length === 0 ? (
        <EmptyState title={t('requests.none.title')} text={t('requests.none.text')} />
      ) : (
        <>
          <p className="mb-6 text-secondary text-pretty">{t('requests.text')}</p>
          <ul ref={list} className="flex flex-col gap-3">
            {requests.map((request) => (
              <RequestCard
                key={request.id}
                request={request}
                isLast={requests.length === 1}
                onAnswer={() => leaves(request.id)}
              />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

interface RequestCardProps {
  request: Contact;
  isLast: boolean;
  onAnswer: () => void;
}

function RequestCard({ request, isLast, onAnswer }: RequestCardProps) {
  const { t } = useTexts();
  const { id, name, hue, greeting } = request;
  return (
    <li className="rise rounded-panel border bg-raised p-4">
      <article aria-label={name} tabIndex={-1} className="flex gap-3.5 rounded-control">
        <Avatar id={id} name={name} hue={hue} size={44} />
        <div className="min-w-0 flex-1">
          <h2 className="foreign truncate text-body">{name}</h2>
          <p className="text-small text-faint">
            {t('requests.unverified')} <span className="font-mono whitespace-nowrap">{shortId(id)}</span>
          </p>
          {greeting !== '' && (
            <p
              dir="auto"
              className="foreign mt-3 max-h-40 overflow-y-auto rounded-panel bg-sunken px-3.5 py-2.5 whitespace-pre-wrap"
            >
              {greeting}
            </p>
          )}
          <Answers {...{ request, isLast, onAnswer }} />
        </div>
      </article>
    </li>
  );
}

/** The second click of a double click was meant for the card before, whose place this one took. Keys count no clicks. */
function onFirstClick(act: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail <= 1) act();
  };
}

function Answers({ request, isLast, onAnswer }: RequestCardProps) {
  const { t } = useTexts();
  const router = useRouter();
  const { name, conversation } = request;

  async function accept(): Promise<void> {
    onAnswer();
    if (!(await acceptContact(request))) return;
    const go = (): void => void router.navigate({ to: '/c/$conversation', params: { conversation } });
    const text = t('requests.accepted', { name });
    // Where others wait, they are answered first; and whoever went elsewhere meanwhile stays there.
    const goes = isLast && router.state.location.pathname === '/requests';
    showToast(goes ? { text } : { text, way: { words: t('person.message'), go } });
    if (goes) go();
  }

  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <Button look="primary" onClick={onFirstClick(() => void accept())}>
        {t('requests.accept')}
      </Button>
      <Button
        onClick={onFirstClick(() => {
          onAnswer();
          removeContact(request, t('requests.deleted', { name }));
        })}
      >
        {t('requests.delete')}
      </Button>
      <Button
        look="quiet"
        className="text-bad hover:text-bad"
        onClick={onFirstClick(() => {
          onAnswer();
          void blockContact(request);
        })}
      >
        {t('person.block')}
      </Button>
    </div>
  );
}
