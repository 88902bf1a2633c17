/** Reactions below a message, as quiet pills: who reacted stands in the name of the pill and in its tooltip. */
import type { Reaction } from '@kith/api/conversation-shapes';
import { classNames } from '../design/class-names.ts';
import { formatNumber } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';

export interface ReactionsProps {
  reactions: readonly Reaction[];
  me: string;
  nameOf: (person: string) => string;
  onReact: (emoji: string, on: boolean) => void;
  isOwn: boolean;
  isDisabled: boolean;
}

export function Reactions({ reactions, me, nameOf, onReact, isOwn, isDisabled }: ReactionsProps) {
  const { t, language } = useTexts();
  if (reactions.length === 0) return null;
  const names = new Intl.ListFormat(language, { type: 'conjunction' });
  return (
    <ul
      aria-label={t('talk.reactions')}
      className={classNames('relative z-1 -mt-1.5 flex flex-wrap gap-1 px-2', isOwn && 'justify-end')}
    >
      {reactions.map(({ emoji, people }) => {
        const isMine = people.includes(me);
        const who = names.format(people.map((person) => (person === me ? t('talk.you') : nameOf(person))));
        const label = t('talk.reaction.who', { emoji, people: who });
        return (
          <li key={emoji}>
            <button
              type="button"
              tabIndex={-1}
              aria-pressed={isMine}
              aria-label={label}
              data-tip={label}
              disabled={isDisabled}
              onClick={() => onReact(emoji, !isMine)}
              className={classNames(
                'tabular inline-flex h-6 items-center gap-1 rounded-full border px-1.5 text-meta ring-2 ring-ground',
                'transition-colors duration-100',
                isMine
                  ? 'border-accent/45 bg-accent-soft text-accent-text'
                  : 'border-line bg-raised text-secondary hover:bg-hover',
              )}
            >
              <span className="text-small">{emoji}</span>
              {people.length > 1 && <span>{formatNumber(people.length)}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
