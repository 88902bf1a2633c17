/**
 * The list of conversations: a filter, then the rows. Arrow keys lead through it, from the filter too; the search over all messages
 * begins where a filter ends.
 */
import { useParams } from '@tanstack/react-router';
import type { Conversation } from '@kith/api/conversation-shapes';
import { Search, X } from 'lucide-react';
import {
  memo,
  useDeferredValue,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { latePart } from '../design/late-part.tsx';
import { useMenuAsked, type MenuPlace } from '../design/menu-asked.ts';
import { SkeletonRows } from '../design/skeleton.tsx';
import { useHidden } from '../data/hidden.ts';
import { useConversationList, useIsTyping } from '../data/live-talk.ts';
import { useTexts } from '../i18n/texts.ts';
import { filterConversations, isMutedAt } from './conversation-filter.ts';
import { ConversationWords } from './conversation-row.tsx';
import { useHeldOrder } from './held-order.ts';
import { RowLink, useOpenConversation } from './row-link.tsx';

const RowMenu = latePart(async () => (await import('./row-menu.tsx')).RowMenu, { isAhead: true });

export interface ConversationsPaneProps {
  /** What to do where there is no conversation yet. */
  firstStep: ReactNode;
  onVerify: (conversation: Conversation) => void;
  onExport: (conversation: Conversation) => void;
  onSearch: (words: string) => void;
}

export function ConversationsPane({ firstStep, onVerify, onExport, onSearch }: ConversationsPaneProps) {
  const { t } = useTexts();
  const list = useConversationList();
  const hidden = useHidden(({ conversations }) => conversations);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const visible = useMemo(() => (list ?? []).filter(({ contact }) => contact?.state !== 'incoming'), [list]);
  const shown = useMemo(
    () => filterConversations(visible, wanted).map((one) => emptied(one, hidden.get(one.id))),
    [visible, wanted, hidden],
  );
  const rows = useRef<HTMLUListElement>(null);
  const { conversation: open } = useParams({ strict: false });
  const openConversation = useOpenConversation();
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      setQuery('');
      return;
    }
    if (event.nativeEvent.isComposing) return;
    const field = event.target instanceof HTMLInputElement ? event.target : null;
    // What is drawn may still be of fewer letters than are written.
    const firstOf = (): Conversation | undefined => filterConversations(visible, query)[0];
    if (event.key === 'Enter' && field !== null) {
      const first = firstOf();
      event.preventDefault();
      // What is typed from now on is for the page that opens.
      if (first?.id !== open) field.blur();
      if (first === undefined) onSearch(query);
      else openConversation(first.id, first.id === open);
      return;
    }
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    if (event.key === 'ArrowDown' && field !== null) {
      const id = firstOf()?.id;
      event.preventDefault();
      links.find(({ dataset }) => dataset['conversation'] === id)?.focus();
      return;
    }
    const at = links.indexOf(document.activeElement as HTMLElement);
    const target = targetOf(event.key, at, links.length, field !== null);
    if (target === null) return;
    event.preventDefault();
    links[target]?.focus();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows lead through its links.
    <nav aria-label={t('list.title')} className="flex h-full min-h-0 flex-col" onKeyDown={onKeyDown}>
      <div className="px-3 pb-2">
        <FilterField value={query} onChange={setQuery} />
      </div>
      {list === null ? (
        <SkeletonRows label={t('list.loading')} />
      ) : shown.length === 0 ? (
        query === '' ? (
          <EmptyState title={t('list.none.title')} text={t('list.none.text')} action={firstStep} />
        ) : (
          <div className="flex flex-col items-center gap-3 px-6 py-8 text-center">
            <p className="text-secondary">{t('list.filter.none')}</p>
            <Button size="small" icon={<Search size={15} />} onClick={() => onSearch(query)}>
              {t('list.filter.search')}
            </Button>
          </div>
        )
      ) : (
        <Rows ref={rows} shown={shown} {...{ onVerify, onExport }} />
      )}
    </nav>
  );
}

type RowsProps = Pick<ConversationsPaneProps, 'onVerify' | 'onExport'> & {
  ref: RefObject<HTMLUListElement | null>;
  shown: readonly Conversation[];
};

/** One menu for all of them. */
function Rows({ ref, shown, onVerify, onExport }: RowsProps) {
  const { conversation: open } = useParams({ strict: false });
  const [menu, setMenu] = useState<{ id: string; at: MenuPlace } | null>(null);
  const asked = shown.find(({ id }) => id === menu?.id);
  // A row that was filtered away comes back without the menu that it once had.
  if (menu !== null && asked === undefined) setMenu(null);
  const menuAsked = useMenuAsked((target, at) => {
    const id = target.closest('[data-conversation]')?.getAttribute('data-conversation') ?? null;
    if (id !== null) setMenu({ id, at });
  });
  const { rows, onPointerDown } = useHeldOrder(shown);
  return (
    <>
      <ul
        ref={ref}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2 [-webkit-touch-callout:none]"
        {...menuAsked}
        onPointerDownCapture={onPointerDown}
      >
        {rows.map((conversation) => (
          <ConversationItem
            key={conversation.id}
            conversation={conversation}
            isActive={open === conversation.id}
          />
        ))}
      </ul>
      {menu !== null && asked !== undefined && (
        <RowMenu
          part={{
            conversation: asked,
            at: menu.at,
            onVerify: () => onVerify(asked),
            onExport: () => onExport(asked),
          }}
          onFailed={() => setMenu(null)}
        />
      )}
    </>
  );
}

const ConversationItem = memo(function ConversationItem(props: {
  conversation: Conversation;
  isActive: boolean;
}) {
  const { conversation, isActive } = props;
  const isTyping = useIsTyping(conversation.id);
  return (
    <li>
      <RowLink conversation={conversation.id} isActive={isActive}>
        <ConversationWords
          conversation={conversation}
          isTyping={isTyping}
          isMuted={isMutedAt(conversation.mutedUntil)}
        />
      </RowLink>
    </li>
  );
});

function FilterField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTexts();
  return (
    <div className="relative">
      <Search
        size={16}
        aria-hidden="true"
        className="pointer-events-none absolute start-2.5 top-2.5 text-faint"
      />
      <input
        type="text"
        role="searchbox"
        aria-label={t('list.filter')}
        placeholder={t('list.filter')}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-control border border-transparent bg-hover ps-8.5 pe-8 text-body placeholder:text-faint hover:border-line focus:border-accent focus:bg-raised focus:outline-none"
      />
      {value !== '' && (
        <IconButton
          label={t('list.filter.clear')}
          icon={<X size={15} />}
          size="small"
          className="absolute end-1 top-1"
          onClick={() => onChange('')}
        />
      )}
    </div>
  );
}

function targetOf(key: string, at: number, count: number, isField: boolean): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return isField ? null : Math.max(at - 1, 0);
    case 'Home':
      return isField ? null : 0;
    case 'End':
      return isField ? null : count - 1;
    default:
      return null;
  }
}

/** @param upTo - Position of the last of its messages that are being deleted and can still be taken back. */
function emptied(conversation: Conversation, upTo = -1): Conversation {
  if (conversation.last === null || conversation.last.position > upTo) return conversation;
  return { ...conversation, last: null, unread: 0, firstUnread: null };
}
