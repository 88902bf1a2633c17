/** Everything that an open conversation has and does, for its page to draw. */
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import type { ComposerHandle } from '../composer/composer.tsx';
import { talk } from '../data/live-talk.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { bannerOf, canWriteWith } from './conversation-banner.tsx';
import type { ConversationScope } from './conversation-context.ts';
import { FreshRows } from './fresh-rows.ts';
import { useLifetime } from './lifetimes.ts';
import { useMessageActs, type ActsInput } from './use-message-acts.ts';
import { useOpening } from './use-opening.ts';
import { useSelection } from './use-selection.ts';
import { useSending } from './use-sending.ts';

/** What is open above the conversation; one thing at most. */
export interface Above {
  deleting: readonly Message[] | null;
  /** Id of the message whose ledger is shown. */
  details: string | null;
  /** Id of the message that is reacted to. */
  reacting: string | null;
  exporting: boolean;
  /** The day that the calendar shows first. */
  jumping: Date | null;
}

export const nothingAbove: Above = {
  deleting: null,
  details: null,
  reacting: null,
  exporting: false,
  jumping: null,
};

export type OpenedConversation = ReturnType<typeof useOpenConversation>;

export function useOpenConversation(conversation: Conversation) {
  const { t } = useTexts();
  const { id, name } = conversation;
  const wanted = useWanted(id);
  const open = useMemo(() => talk.windows.open(id), [id]);
  const { data: profile } = useQuery(queries.profile);
  const { data: status } = useQuery(queries.status);
  const opening = useOpening(conversation, open, wanted, talk.places.of(id));
  const [above, setAbove] = useState(nothingAbove);
  const selecting = useSelection(id);
  const [ttlMs, setTtlMs] = useLifetime(id);
  const composer = useRef<ComposerHandle>(null);
  const hadFocus = useRef(false);
  const { setUnread, go } = opening;
  const onSent = useCallback(() => {
    // Who answers has read.
    setUnread(() => null);
    go('end');
  }, [setUnread, go]);
  const sending = useSending(open, ttlMs, onSent);
  const ways = useWays(conversation);
  const outlook = status?.outlook.state ?? null;
  const banner = bannerOf(conversation, outlook);
  const acts = useActs({
    conversation: id,
    nameOf: ({ direction }) => (direction === 'out' ? t('talk.you') : name),
    composer,
    sending,
    onJump: go,
    onDelete: (deleting) => setAbove({ ...nothingAbove, deleting }),
    onDetails: (message) => setAbove({ ...nothingAbove, details: message.id }),
    onReactions: (message) => setAbove({ ...nothingAbove, reacting: message.id }),
    onSelect: selecting.select,
    onLink: ways.link,
  });
  const scope = useScope(conversation, { me: profile?.id ?? '', canWrite: canWriteWith(banner), acts });
  return {
    open,
    opening,
    above,
    setAbove,
    selecting,
    ttlMs,
    setTtlMs,
    composer,
    hadFocus,
    sending,
    ways,
    outlook,
    banner,
    acts,
    scope,
  };
}

/** The message that the address names, while it is the address of this conversation: the page that opens next has one already. */
function useWanted(id: string): string | null {
  const { pathname, hash } = useLocation();
  return hash !== '' && pathname === `/c/${id}` ? hash : null;
}

type ScopeInput = Pick<ConversationScope, 'me' | 'canWrite' | 'acts'>;

function useScope({ id, name }: Conversation, { me, canWrite, acts }: ScopeInput): ConversationScope {
  const { t } = useTexts();
  const [fresh] = useState(() => new FreshRows());
  return useMemo(
    () => ({
      conversation: id,
      me,
      name,
      nameOf: (person) => (person === me ? t('talk.you') : name),
      canWrite,
      acts,
      fresh,
    }),
    [id, me, name, canWrite, acts, fresh, t],
  );
}

function useActs(input: ActsInput) {
  const latest = useRef(input);
  useLayoutEffect(() => {
    latest.current = input;
  });
  return useMessageActs(latest);
}

/** Where one can go from here. */
function useWays({ id, contact }: Conversation) {
  const navigate = useNavigate();
  const person = contact?.id;
  return useMemo(
    () => ({
      back: () => void navigate({ to: '/' }),
      profile: () => {
        if (person !== undefined) void navigate({ to: '/person/$contact', params: { contact: person } });
      },
      verify: () => {
        if (person !== undefined)
          void navigate({ to: '/person/$contact/verify', params: { contact: person } });
      },
      search: (words: string) => void navigate({ to: '/search', search: { in: id, words } }),
      link: (href: string) => void navigate({ to: '/add', hash: href }),
    }),
    [navigate, id, person],
  );
}
