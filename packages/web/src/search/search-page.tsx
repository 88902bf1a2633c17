/** Search over every message on this device: words and filters above, what was found below, the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import { Search, X } from 'lucide-react';
import {
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { VList, type VListHandle } from 'virtua';
import { afterPaint } from '../design/after-paint.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { isFocusFree } from '../design/focus-trail.ts';
import { IconButton } from '../design/icon-button.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { useConversationList, talk } from '../data/live-talk.ts';
import { formatMoment, formatWhen } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { insertText } from '../composer/text-edit.ts';
import { typeAhead } from '../shell/type-ahead.ts';
import { SearchFilters } from './search-filters.tsx';
import type { SearchPlace } from './search-place.ts';
import { noWish, searchInput, searchPageMessages, snippet, type SearchWish } from './search-query.ts';

export interface SearchPageProps {
  wish: SearchWish;
  onWish: (wish: SearchWish) => void;
  /** Where they were, for who comes back. */
  place: SearchPlace | null;
  onOpen: (message: Message, place: InSight) => void;
  onClose: () => void;
}

type InSight = Pick<SearchPlace, 'first' | 'topPx'>;

const none: readonly Conversation[] = [];

export function SearchPage({ wish, onWish, place, onOpen, onClose }: SearchPageProps) {
  const { t } = useTexts();
  const conversations = useConversationList() ?? none;
  const asked = useDeferredValue(wish);
  const found = useFound(asked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Not before: what is put into a field while React draws it is taken back.
    return afterPaint(() => {
      const typed = typeAhead.take('page');
      if (place !== null || field.current === null || (typed === '' && !isFocusFree())) return;
      field.current.focus();
      if (typed !== '') insertText(field.current, typed);
    });
  }, [place]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      if (wish.words === '') onClose();
      else onWish({ ...wish, words: '' });
      return;
    }
    moveThroughResults(event, field.current);
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows lead through what was found.
    <section aria-label={t('search.title')} className="flex h-full min-h-0 flex-col" onKeyDown={onKeyDown}>
      <header className="mx-auto flex w-full max-w-190 flex-col gap-3 px-4 pt-3 pb-3">
        <div className="flex items-center gap-1">
          <div className="relative flex-1">
            <Search
              size={18}
              aria-hidden="true"
              className="pointer-events-none absolute start-3 top-2.75 text-faint"
            />
            <input
              ref={field}
              type="text"
              role="searchbox"
              aria-label={t('search.title')}
              placeholder={t('search.placeholder')}
              autoComplete="off"
              value={wish.words}
              onChange={(event) => onWish({ ...wish, words: event.target.value })}
              className="h-10 w-full rounded-control border border-edge/60 bg-raised ps-10 pe-3 text-body placeholder:text-faint focus:border-accent focus:outline-none"
            />
          </div>
          <IconButton label={t('search.close')} shortcut="Escape" icon={<X size={19} />} onClick={onClose} />
        </div>
        <SearchFilters
          wish={wish}
          conversations={conversations}
          onChange={(change) => onWish({ ...wish, ...change })}
        />
      </header>
      <Found
        {...{ asked, found, conversations, place, onOpen }}
        onClear={() => onWish({ ...noWish, words: wish.words })}
      />
    </section>
  );
}

/** Up and down among the results; up from the first is the field. */
function moveThroughResults(event: KeyboardEvent<HTMLElement>, field: HTMLElement | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const isDay = event.target instanceof HTMLInputElement && event.target.type === 'date';
  if (step === 0 || isDay) return;
  const results = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-result]')];
  const at = results.findIndex((result) => result === document.activeElement);
  event.preventDefault();
  if (at + step < 0) field?.focus();
  else results[Math.min(at + step, results.length - 1)]?.focus();
}

function useFound(asked: SearchWish) {
  const isAsked = searchInput(asked, null) !== null;
  return useInfiniteQuery({
    queryKey: ['search', asked],
    queryFn: async ({ pageParam }) => {
      const input = searchInput(asked, pageParam);
      return input === null ? [] : await talk.api.messages.search.query(input);
    },
    enabled: isAsked,
    // What was found is as old as the question. It stays for who opens a message and comes back.
    staleTime: 0,
    gcTime: 5 * 60_000,
    initialPageParam: firstPage,
    getNextPageParam: (page) =>
      page.length < searchPageMessages ? undefined : (page.at(-1)?.position ?? undefined),
    placeholderData: (before) => (isAsked ? before : undefined),
  });
}

const firstPage: number | null = null;

interface FoundProps {
  asked: SearchWish;
  found: ReturnType<typeof useFound>;
  conversations: readonly Conversation[];
  place: SearchPlace | null;
  onOpen: (message: Message, place: InSight) => void;
  onClear: () => void;
}

function Found({ asked, found, conversations, place, onOpen, onClear }: FoundProps) {
  const { t } = useTexts();
  const messages = useMemo(() => found.data?.pages.flat() ?? [], [found.data]);
  const list = useRef<VListHandle>(null);
  useComingBack(list, messages.length > 0 && asked === place?.wish ? place : null);
  const lens = <Search size={40} strokeWidth={1.25} />;
  if (searchInput(asked, null) === null) {
    return <EmptyState title={t('search.begin.title')} text={t('search.begin.text')} picture={lens} />;
  }
  if (found.isError) {
    return (
      <EmptyState
        title={t('search.failed')}
        text={errorWords(found.error)}
        picture={lens}
        action={<Button onClick={() => void found.refetch()}>{t('action.retry')}</Button>}
      />
    );
  }
  if (found.isPending) return <ResultSkeletons />;
  return (
    <>
      <p role="status" className="sr-only">
        {t('search.count', { count: messages.length })}
      </p>
      {messages.length === 0 ? (
        <EmptyState
          title={t('search.none.title')}
          text={hasFilters(asked) ? t('search.none.filters') : t('search.none.text')}
          picture={lens}
          action={hasFilters(asked) && <Button onClick={onClear}>{t('search.none.clear')}</Button>}
        />
      ) : (
        <VList
          ref={list}
          data={[...messages, null]}
          className="min-h-0 flex-1"
          onScroll={() => {
            if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
          }}
        >
          {(message) =>
            message === null ? (
              <div key="end" className="h-4" />
            ) : (
              <Result
                key={message.id}
                message={message}
                words={asked.words}
                conversation={conversations.find(({ id }) => id === message.conversation)}
                onOpen={() => onOpen(message, inSight(list.current))}
              />
            )
          }
        </VList>
      )}
    </>
  );
}

/** Within so many pictures the row that was opened is drawn. A guess. */
const comingBackFrames = 30;

/** Once, when what was found is there: to where they were, with the focus on what they had opened. */
function useComingBack(list: RefObject<VListHandle | null>, place: SearchPlace | null): void {
  useLayoutEffect(() => {
    if (place === null) return undefined;
    list.current?.scrollToIndex(place.first, { align: 'start', offset: -place.topPx });
    // It has to be drawn first.
    let frame = 0;
    const find = (tries: number): void => {
      const row = document.querySelector<HTMLElement>(`[data-result="${CSS.escape(place.opened)}"]`);
      if (!isFocusFree()) return;
      if (row !== null) row.focus({ preventScroll: true });
      else if (tries > 0) frame = requestAnimationFrame(() => find(tries - 1));
    };
    frame = requestAnimationFrame(() => find(comingBackFrames));
    return () => cancelAnimationFrame(frame);
  }, [list, place]);
}

function inSight(list: VListHandle | null): InSight {
  if (list === null) return { first: 0, topPx: 0 };
  const first = list.findItemIndex(list.scrollOffset);
  return { first, topPx: list.getItemOffset(first) - list.scrollOffset };
}

interface ResultProps {
  message: Message;
  words: string;
  conversation: Conversation | undefined;
  onOpen: () => void;
}

function Result({ message, words, conversation, onOpen }: ResultProps) {
  const { t } = useTexts();
  const name = conversation?.name ?? t('search.unknown');
  const isOwn = message.direction === 'out';
  const pieces = useMemo(() => snippet(message.text, words), [message.text, words]);
  return (
    <div className="mx-auto w-full max-w-190 px-2">
      <button
        type="button"
        data-result={message.id}
        data-inset-focus=""
        onClick={onOpen}
        className="flex w-full items-start gap-3 rounded-control px-2.5 py-2.5 text-start hover:bg-hover"
      >
        <Avatar
          id={conversation?.contact?.id ?? message.conversation}
          name={name}
          hue={conversation?.contact?.hue ?? null}
          size={36}
        />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-strong">
              <bdi>{isOwn ? t('search.own', { name }) : name}</bdi>
            </span>
            <time
              dateTime={message.sentAt}
              title={formatMoment(message.sentAt)}
              className="tabular shrink-0 text-meta text-faint"
            >
              {formatWhen(message.sentAt)}
            </time>
          </span>
          <span dir="auto" className="foreign line-clamp-2 overflow-hidden text-secondary">
            {pieces.map(({ text, isFound }, index) =>
              // Pieces of one text, in its order.
              isFound ? (
                <mark key={index} className="rounded-small bg-accent-soft text-accent-text">
                  {text}
                </mark>
              ) : (
                text
              ),
            )}
          </span>
        </span>
      </button>
    </div>
  );
}

function ResultSkeletons() {
  const { t } = useTexts();
  return (
    <div role="status" className="mx-auto flex w-full max-w-190 flex-col gap-5 px-4 pt-3">
      <span className="sr-only">{t('search.loading')}</span>
      {['w-3/4', 'w-full', 'w-2/3', 'w-5/6'].map((width) => (
        <div key={width} className="flex gap-3">
          <Skeleton className="size-9 rounded-full!" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-32" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}

function hasFilters({ conversation, from, since, until, hasLink }: SearchWish): boolean {
  return conversation !== null || from !== null || since !== '' || until !== '' || hasLink;
}
