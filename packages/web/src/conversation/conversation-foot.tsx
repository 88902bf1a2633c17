/** Below the messages: what stands in the way, and the composer or what has its place. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { acceptContact, unblockContact } from '../data/contacts.ts';
import { ConversationBanner } from './conversation-banner.tsx';
import { ConversationComposer } from './conversation-composer.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { nothingAbove, type OpenedConversation } from './use-open-conversation.ts';

export interface ConversationFootProps {
  conversation: Conversation;
  opened: Omit<OpenedConversation, 'composer'>;
  composer: OpenedConversation['composer'];
}

export function ConversationFoot({ conversation, opened, composer }: ConversationFootProps) {
  const { contact, name } = conversation;
  const { banner, outlook, ways, acts, scope, shown, selected, setSelected, setAbove } = opened;
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
      {selected !== null ? (
        <SelectionBar
          messages={shown.messages.filter(({ id }) => selected.has(id))}
          onCopy={acts.copy}
          onDelete={acts.remove}
          onEnd={() => setSelected(null)}
        />
      ) : (
        scope.canWrite && (
          <ConversationComposer
            ref={composer}
            conversation={conversation}
            open={opened.open}
            sending={opened.sending}
            ttlMs={opened.ttlMs}
            onTtl={opened.setTtlMs}
            onJump={opened.opening.go}
            onSearch={ways.search}
            onVerify={ways.verify}
            onExport={onExport}
          />
        )
      )}
    </>
  );
}
