/** The conversations in the list's place. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Avatar } from '../design/avatar.tsx';
import { Badge } from '../design/badge.tsx';
import { rowLook, RowWords } from '../design/list-row.tsx';
import { ScrollArea } from '../design/scroll-area.tsx';
import { SkeletonRows } from '../design/skeleton.tsx';
import { queries } from '../data/queries.ts';
import { formatWhen } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';

export function ConversationList() {
  const { t } = useTexts();
  const { conversation: open } = useParams({ strict: false });
  const { data: conversations, isPending } = useQuery(queries.conversations);
  if (isPending) return <SkeletonRows label={t('state.loading')} />;
  return (
    <ScrollArea className="flex-1 px-2 pb-2">
      <ul>
        {conversations?.map(({ id, name, contact, last, unread, activeAt }) => (
          <li key={id}>
            <Link
              to="/c/$conversation"
              params={{ conversation: id }}
              data-inset-focus=""
              aria-current={open === id ? 'page' : undefined}
              className={rowLook({ active: open === id })}
            >
              <RowWords
                lead={
                  <Avatar
                    id={contact?.id ?? id}
                    name={name}
                    hue={contact?.hue ?? null}
                    reachable={contact?.reachable ?? false}
                  />
                }
                title={name}
                detail={last?.text ?? ''}
                end={
                  <span className="flex flex-col items-end gap-1">
                    <time className="text-meta text-faint">{formatWhen(activeAt)}</time>
                    <Badge count={unread} label={t('shell.unread', { count: unread })} />
                  </span>
                }
              />
            </Link>
          </li>
        ))}
      </ul>
    </ScrollArea>
  );
}
