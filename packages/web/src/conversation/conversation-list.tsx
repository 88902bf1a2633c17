/** The conversations in the list's place, with what opens from there. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { ConversationsPane } from '../conversations/conversations-pane.tsx';
import { Button } from '../design/button.tsx';
import { latePart } from '../design/late-part.tsx';
import { useTexts } from '../i18n/texts.ts';

const ExportDialog = latePart(async () => (await import('./export-dialog.tsx')).ExportDialog, {
  isAhead: true,
});

export function ConversationList() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState<Conversation | null>(null);
  return (
    <>
      <ConversationsPane
        firstStep={
          // Where both are seen, the content beside the list offers it.
          <Button look="primary" className="pane:hidden" onClick={() => void navigate({ to: '/add' })}>
            {t('shell.add')}
          </Button>
        }
        onVerify={({ contact }) => {
          if (contact !== null)
            void navigate({ to: '/person/$contact/verify', params: { contact: contact.id } });
        }}
        onExport={setExporting}
        onSearch={(words) => void navigate({ to: '/search', search: { words } })}
      />
      {exporting !== null && (
        <ExportDialog
          part={{ conversation: exporting, onClose: () => setExporting(null) }}
          onFailed={() => setExporting(null)}
        />
      )}
    </>
  );
}
