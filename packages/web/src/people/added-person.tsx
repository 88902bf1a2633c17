/** After adding: how far it has come, and that one may write at once. */
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../design/button.tsx';
import { useContact } from '../data/contacts.ts';
import { useTexts } from '../i18n/texts.ts';
import { ReachProgress } from './reach-progress.tsx';

export interface AddedPersonProps {
  id: string;
  /** Leaves the place for another; left out where there is none. */
  onAnother?: () => void;
  /** Before the conversation opens. */
  onOpen?: () => void;
}

export function AddedPerson({ id, onAnother, onOpen }: AddedPersonProps) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const contact = useContact(id);
  if (contact === undefined) return null;
  return (
    <div className="rise flex flex-col items-center gap-8 py-10">
      <ReachProgress contact={contact} />
      <p className="max-w-90 text-center text-secondary text-balance">
        {contact.state === 'connected' ? t('added.connected') : t('added.meanwhile')}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button
          look="primary"
          size="large"
          onClick={() => {
            onOpen?.();
            void navigate({ to: '/c/$conversation', params: { conversation: contact.conversation } });
          }}
        >
          {t('added.write', { name: contact.name })}
        </Button>
        {onAnother !== undefined && (
          <Button size="large" look="quiet" onClick={onAnother}>
            {t('added.another')}
          </Button>
        )}
      </div>
    </div>
  );
}
