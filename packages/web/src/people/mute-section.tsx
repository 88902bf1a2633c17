/** Whether a conversation may call, and until when not. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { BellOff, ChevronDown } from 'lucide-react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { Button } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { showToast } from '../design/toast-store.ts';
import { api } from '../data/connection.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import { formatMoment } from '../i18n/formats.ts';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { Section } from '../shell/page.tsx';

/** How the API says "until it is ended". */
const forEver = '9999-12-31T00:00:00.000Z';
const hourMs = 3_600_000;
const spans: readonly { words: TextId; ms: number | undefined }[] = [
  { words: 'mute.hour', ms: hourMs },
  { words: 'mute.eight', ms: 8 * hourMs },
  { words: 'mute.week', ms: 7 * 24 * hourMs },
  { words: 'mute.ever', ms: undefined },
];

/** Null where it is not muted, or was until a while ago. */
function mutedUntil({ mutedUntil: until }: Conversation): string | null {
  return until !== null && Date.parse(until) > Date.now() ? until : null;
}

export function MuteSection({ conversation: id }: { conversation: string }) {
  const { t } = useTexts();
  const find = (list: readonly Conversation[]) => list.find((each) => each.id === id);
  const { data: conversation } = useQuery({ ...queries.conversations, select: find });
  const mute = useMutation({
    mutationFn: async (until: string | null) =>
      await api.conversations.mute.mutate({ conversation: id, until }),
    onSuccess: async () => await queryClient.invalidateQueries({ queryKey: keys.conversations }),
    onError: (error) => showToast({ text: errorWords(error), look: 'bad' }),
  });
  if (conversation === undefined) return null;
  const until = mutedUntil(conversation);
  return (
    <Section className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <h2 className="text-body">{t('mute.title')}</h2>
        <p className="text-small text-secondary">
          {until === null
            ? t('mute.off')
            : until === forEver
              ? t('mute.on')
              : t('mute.until', { time: formatMoment(until) })}
        </p>
      </div>
      {until !== null ? (
        <Button size="small" onClick={() => mute.mutate(null)}>
          {t('mute.end')}
        </Button>
      ) : (
        <Menu
          entries={spans.map(({ words, ms }) => ({
            label: t(words),
            onSelect: () => mute.mutate(ms === undefined ? forEver : new Date(Date.now() + ms).toISOString()),
          }))}
        >
          <Button size="small" icon={<BellOff size={15} />}>
            {t('mute.start')}
            <ChevronDown size={14} className="text-faint" />
          </Button>
        </Menu>
      )}
    </Section>
  );
}
