/** The commands about what a person keeps here and chose: conversations, settings, the lock of the windows, how much there is. */
import type { ContactRow, Store } from '../base/store.ts';
import { arrivalWallMs } from '../base/arrival.ts';
import type { Book } from './book.ts';
import { Conversations } from './conversations.ts';
import type { CommandName, Commands, ContactView } from './contract.ts';
import type { MessageViews } from './message-views.ts';
import type { Delivery } from './delivery.ts';
import type { Reading } from './reading.ts';
import type { ScreenLock } from './screen-lock.ts';
import type { Settings } from './settings.ts';
import type { Turn } from './turn.ts';

export interface LibraryParts {
  reading: Reading;
  delivery: Delivery;
  store: Store;
  turn: Turn;
  book: Book;
  settings: Settings;
  screenLock: ScreenLock;
  views: MessageViews;
}

type Answered =
  | 'history'
  | 'conversations'
  | 'conversation'
  | 'setDraft'
  | 'mute'
  | 'pin'
  | 'dismissReset'
  | 'clear'
  | 'removeHere'
  | 'markRead'
  | 'markUnread'
  | 'page'
  | 'search'
  | 'settings'
  | 'setSettings'
  | 'beginUnlock'
  | 'unlocked'
  | 'replacePin'
  | 'forgetPin'
  | 'amount';

type Handlers = {
  [Name in Extract<CommandName, Answered>]: (input: Commands[Name]['in']) => Commands[Name]['out'];
};

const anywhere = { before: undefined, after: undefined, around: undefined, atWallMs: undefined };

export function libraryCommands(parts: LibraryParts, view: (row: ContactRow) => ContactView): Handlers {
  const { store, settings, screenLock } = parts;
  const conversations = new Conversations({ ...parts, view });
  const settingsView = (): Commands['settings']['out'] => ({
    ...settings.current,
    hasPin: screenLock.hasPin,
  });
  return {
    history: ({ conversation, limit, before }) =>
      conversations.page({ ...anywhere, conversation, limit, before }).messages,
    conversations: () => conversations.list(),
    conversation: ({ conversation }) => conversations.get(conversation),
    setDraft: (input) => conversations.setDraft(input),
    mute: ({ conversation, untilWallMs }) => conversations.mute(conversation, untilWallMs),
    pin: ({ conversation, pinned }) => conversations.pin(conversation, pinned),
    dismissReset: ({ conversation }) => conversations.dismissReset(conversation),
    clear: (input) => conversations.clear(input),
    markRead: ({ conversation, upTo }) => conversations.markRead(conversation, upTo),
    markUnread: ({ conversation, from }) => conversations.markUnread(conversation, from),
    removeHere: ({ conversation, id }) => conversations.removeHere(conversation, id),
    page: (input) => conversations.page(input),
    search: (input) => conversations.search(input),
    settings: settingsView,
    setSettings(change) {
      settings.set(change);
      parts.reading.chosen();
      return settingsView();
    },
    beginUnlock: () => ({ verifier: screenLock.begin() }),
    unlocked({ verifier }) {
      screenLock.right(verifier);
      return {};
    },
    forgetPin() {
      screenLock.forget();
      return settingsView();
    },
    replacePin({ from, verifier }) {
      screenLock.replace(from, verifier);
      return settingsView();
    },
    amount({ conversation }) {
      const [oldest] = store.oldest(1, 0);
      const place = conversation === undefined ? undefined : conversations.find(conversation).conversation;
      return {
        messages: store.messageCount(place),
        conversations: conversations.list().length,
        oldestWallMs: oldest === undefined ? undefined : arrivalWallMs(oldest),
      };
    },
  };
}
