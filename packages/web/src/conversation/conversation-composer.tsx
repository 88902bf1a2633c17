/** The composer of a conversation: its draft, its bar, what its commands do. */
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useStore } from 'zustand';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import { Composer, type ComposerHandle } from '../composer/composer.tsx';
import { ComposerBar } from '../composer/composer-bar.tsx';
import { durationWords } from '../composer/lifetime-menu.tsx';
import type { SlashCommand } from '../composer/slash-command.ts';
import { isHidden } from '../data/hidden.ts';
import { useConnectionState } from '../data/connection.ts';
import { talk } from '../data/live-talk.ts';
import type { OpenWindow } from '../data/messages/open-windows.ts';
import { quoteOf } from '../data/messages/quotes.ts';
import { keys } from '../data/query-client.ts';
import { useSettings } from '../data/settings.ts';
import { afterPaint } from '../design/after-paint.ts';
import { isFocusFree } from '../design/focus-trail.ts';
import { hasHover } from '../design/media.ts';
import { showToast } from '../design/toast-store.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import { typeAhead } from '../shell/type-ahead.ts';
import { muteConversation } from './conversation-acts.ts';
import type { Sending } from './use-sending.ts';
import { useTypingSign } from './use-typing-sign.ts';

export interface ConversationComposerProps {
  ref: React.RefObject<ComposerHandle | null>;
  conversation: Conversation;
  open: OpenWindow;
  sending: Sending;
  ttlMs: number | null;
  onTtl: (ttlMs: number | null) => void;
  onJump: (id: string) => void;
  onSearch: (words: string) => void;
  onVerify: () => void;
  onExport: () => void;
  /** The conversation had its composer once since it was opened. */
  hadFocus: React.RefObject<boolean>;
}

export function ConversationComposer(props: ConversationComposerProps) {
  const { ref, conversation, open, sending, ttlMs, onTtl, onJump, hadFocus } = props;
  const { t } = useTexts();
  const { id, name, contact } = conversation;
  const draft = useStore(talk.drafts.store(id));
  const { typingSigns } = useSettings();
  const isConnected = useConnectionState() === 'connected';
  const target = useTarget(open, draft.editing ?? draft.replyTo);
  useTypingSign(id, draft.text, typingSigns && contact?.state === 'connected' && draft.editing === null);

  useEffect(() => {
    // Where fingers type, the keyboard would cover what was opened.
    const callOff = hasHover()
      ? afterPaint(() => {
          // One that comes back, as after selecting, takes it from nobody.
          if (hadFocus.current ? document.activeElement === document.body : isFocusFree())
            ref.current?.focus();
          hadFocus.current = true;
          const typed = typeAhead.take('page');
          if (typed !== '') ref.current?.insert(typed);
        })
      : undefined;
    return () => {
      callOff?.();
      talk.drafts.flush(id);
    };
  }, [id, ref, hadFocus]);

  const isOwn = target?.direction === 'out';
  const bar =
    draft.editing !== null ? (
      <ComposerBar
        kind="edit"
        quoted={target === null ? null : quoteOf(target)}
        author={null}
        onJump={onJump}
        onCancel={sending.cancel}
      />
    ) : draft.replyTo !== null ? (
      <ComposerBar
        kind="reply"
        quoted={target === null ? null : quoteOf(target)}
        author={isOwn ? null : name}
        onJump={onJump}
        onCancel={sending.cancel}
      />
    ) : null;

  return (
    <Composer
      ref={ref}
      text={draft.text}
      name={name}
      isEditing={draft.editing !== null}
      bar={bar}
      isConnected={isConnected}
      ttlMs={ttlMs}
      onTtl={onTtl}
      onType={(text) => talk.drafts.change(id, { text })}
      onSend={sending.send}
      onSendParts={sending.sendParts}
      onCommand={(command) => runCommand(command, props, t)}
      onCancel={sending.cancel}
      onEditLast={() => {
        const { messages, pending } = open.store.getState();
        if (pending.length > 0) return;
        const own = messages.findLast((m) => m.direction === 'out' && !m.deleted && !isHidden(m));
        if (own !== undefined) sending.edit(own);
      }}
      onToList={() => focusLastRow()}
    />
  );
}

type CommandActs = Pick<
  ConversationComposerProps,
  'conversation' | 'onTtl' | 'onSearch' | 'onVerify' | 'onExport'
>;

function runCommand(command: SlashCommand, acts: CommandActs, t: Translate): void {
  switch (command.name) {
    case 'search':
      acts.onSearch(command.words);
      break;
    case 'verify':
      acts.onVerify();
      break;
    case 'export':
      acts.onExport();
      break;
    case 'mute':
      void muteConversation(acts.conversation, command.forMs);
      break;
    case 'expire': {
      acts.onTtl(command.ttlMs);
      const time = command.ttlMs === null ? null : durationWords(command.ttlMs, t);
      showToast({ text: time === null ? t('lifetime.off') : t('lifetime.note', { time }) });
    }
  }
}

/** The message that is answered or edited: of the window, else asked for. */
function useTarget(open: OpenWindow, id: string | null): Message | null {
  const here = useStore(open.store, ({ messages }) =>
    id === null ? undefined : messages.find((message) => message.id === id),
  );
  const { data: elsewhere } = useQuery({
    queryKey: keys.quoted(open.conversation, id),
    queryFn: async () => {
      const page = await talk.api.messages.page.query({
        conversation: open.conversation,
        around: id ?? '',
        limit: 1,
      });
      return page.messages.find((message) => message.id === id) ?? null;
    },
    enabled: id !== null && here === undefined,
    gcTime: 60_000,
  });
  return here ?? elsewhere ?? null;
}

function focusLastRow(): void {
  document.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus();
}
