/** One line below the composer, only when there is something to say: the node is away, the text is too long, a command lacks something. */
import { Button } from '../design/button.tsx';
import { formatNumber } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { durationWords } from './lifetime-menu.tsx';
import type { SlashCommandName } from './slash-command.ts';
import { textBytesMax, textBytesNear } from './text-size.ts';

export interface ComposerNotesProps {
  id: string;
  bytes: number;
  isConnected: boolean;
  isPasteRefused: boolean;
  unfinished: SlashCommandName | null;
  ttlMs: number | null;
  /** Null where it cannot be sent in parts. */
  onSendParts: (() => void) | null;
}

export function ComposerNotes(props: ComposerNotesProps) {
  const { id, bytes, isConnected, isPasteRefused, unfinished, ttlMs, onSendParts } = props;
  const { t } = useTexts();
  const parts = Math.ceil(bytes / textBytesMax);
  return (
    <div id={id} className="px-3 text-meta text-faint empty:hidden *:pt-1.5">
      {!isConnected && (
        <p role="status" className="text-warn">
          {t('composer.offline')}
        </p>
      )}
      {isPasteRefused && (
        <p role="alert" className="text-warn">
          {t('composer.paste')}
        </p>
      )}
      {unfinished === 'expire' && <p role="status">{t('command.expire.help')}</p>}
      {unfinished === 'mute' && <p role="status">{t('command.mute.help')}</p>}
      {bytes > textBytesMax ? (
        <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-warn">
          <p>{t('composer.tooLong', { over: formatNumber(bytes - textBytesMax) })}</p>
          {onSendParts !== null && isConnected && (
            <Button size="small" onClick={onSendParts}>
              {t('composer.parts', { count: parts })}
            </Button>
          )}
        </div>
      ) : (
        bytes >= textBytesNear && (
          <p className="tabular">{t('composer.left', { left: formatNumber(textBytesMax - bytes) })}</p>
        )
      )}
      {ttlMs !== null && <p>{t('lifetime.note', { time: durationWords(ttlMs, t) })}</p>}
    </div>
  );
}
