/** Below the messages: what stands in the way, and the composer or what has its place. */
import { memo } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { acceptContact, unblockContact } from '../data/contacts.ts';
import { dismissReset } from './conversation-acts.ts';
import { ConversationBanner } from './conversation-banner.tsx';
import { ConversationComposer } from './conversation-composer.tsx';
import { ResetNote, resetToShow } from './reset-note.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { nothingAbove, type OpenedConversation } from './use-open-conversation.ts';

export interface ConversationFootProps {
  conversation: Conversation;
  opened: Omit<OpenedConversation, 'composer'>;
  composer: OpenedConversation['composer'];
}

export const ConversationFoot = memo(function ConversationFoot({
  conversation,
  opened,
  composer,
}: ConversationFootProps) {
  const { contact, name } = conversation;
  const { banner, outlook, ways, acts, scope, open, selecting, setAbove } = opened;
  const resetAt = resetToShow(conversation, banner);
  const onExport = (): void => setAbove({ ...nothingAbove, exporting: true });
  return (
    <>
      {banner !== null && (
        <ConversationBanner
          kind={banner}
          name={name}
          outlook={outlook}
          onCompare={ways.verify}
          onUnblock={() => contact !== null && void unblockContact(contact)}
          onAccept={() => contact !== null && void acceptContact(contact)}
          onExport={onExport}
        />
      )}
      {resetAt !== null && (
        <ResetNote
          at={resetAt}
          name={name}
          onCompare={ways.verify}
          onDismiss={() => void dismissReset(conversation)}
        />
      )}
      {selecting.selected !== null ? (
        <SelectionBar
          messages={[...selecting.selected.values()]}
          onCopy={acts.copy}
          onDelete={acts.remove}
          onEnd={selecting.end}
          onLeave={() => composer.current?.focus()}
        />
      ) : (
        scope.canWrite && (
          <ConversationComposer
            ref={composer}
            conversation={conversation}
            open={open}
            sending={opened.sending}
            ttlMs={opened.ttlMs}
            onTtl={opened.setTtlMs}
            onJump={opened.opening.go}
            onSearch={ways.search}
            onVerify={ways.verify}
            onExport={onExport}
            hadFocus={opened.hadFocus}
          />
        )
      )}
    </>
  );
});
