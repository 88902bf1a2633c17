/** The filters of the search: who wrote it, where, when, and whether it holds a link. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { Calendar, Check, Link2, MessagesSquare, User, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { Menu } from '../design/menu.tsx';
import { Popover } from '../design/popover.tsx';
import { formatDate } from '../i18n/formats.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import type { SearchWish } from './search-query.ts';

export interface SearchFiltersProps {
  wish: SearchWish;
  conversations: readonly Conversation[];
  onChange: (change: Partial<SearchWish>) => void;
}

export function SearchFilters({ wish, conversations, onChange }: SearchFiltersProps) {
  const { t } = useTexts();
  return (
    <div role="group" aria-label={t('search.filters')} className="flex flex-wrap gap-1.5">
      <FromFilter wish={wish} onChange={onChange} />
      <WhereFilter wish={wish} conversations={conversations} onChange={onChange} />
      <WhenFilter wish={wish} onChange={onChange} />
      <Chip
        icon={wish.hasLink ? <Check size={14} /> : <Link2 size={14} />}
        isOn={wish.hasLink}
        aria-pressed={wish.hasLink}
        onClick={() => onChange({ hasLink: !wish.hasLink })}
      >
        {t('search.links')}
      </Chip>
    </div>
  );
}

type FilterProps = Pick<SearchFiltersProps, 'wish' | 'onChange'>;

function FromFilter({ wish, onChange }: FilterProps) {
  const { t } = useTexts();
  const chosen = wish.from === null ? null : wish.from === 'me' ? t('search.from.me') : t('search.from.them');
  return (
    <Menu
      align="start"
      entries={[
        {
          label: t('search.from.any'),
          checked: wish.from === null,
          onSelect: () => onChange({ from: null }),
        },
        { label: t('search.from.me'), checked: wish.from === 'me', onSelect: () => onChange({ from: 'me' }) },
        {
          label: t('search.from.them'),
          checked: wish.from === 'them',
          onSelect: () => onChange({ from: 'them' }),
        },
      ]}
    >
      <Chip icon={<User size={14} />} isOn={chosen !== null} onClear={() => onChange({ from: null })}>
        {chosen ?? t('search.from')}
      </Chip>
    </Menu>
  );
}

/** The menu offers so many; the others are found by typing their name in the list. */
const offeredMax = 30;

function WhereFilter({ wish, conversations, onChange }: SearchFiltersProps) {
  const { t } = useTexts();
  const chosen = conversations.find(({ id }) => id === wish.conversation);
  return (
    <Menu
      align="start"
      entries={[
        {
          label: t('search.where.any'),
          checked: wish.conversation === null,
          onSelect: () => onChange({ conversation: null }),
        },
        'line',
        ...conversations.slice(0, offeredMax).map(({ id, name }) => ({
          label: name,
          checked: id === wish.conversation,
          onSelect: () => onChange({ conversation: id }),
        })),
      ]}
    >
      <Chip
        icon={<MessagesSquare size={14} />}
        isOn={wish.conversation !== null}
        onClear={() => onChange({ conversation: null })}
      >
        {chosen?.name ?? t('search.where')}
      </Chip>
    </Menu>
  );
}

function WhenFilter({ wish, onChange }: FilterProps) {
  const { t } = useTexts();
  const days = dayWords(t, wish);
  return (
    <Popover
      label={t('search.when')}
      align="start"
      trigger={
        <Chip
          icon={<Calendar size={14} />}
          isOn={days !== null}
          onClear={() => onChange({ since: '', until: '' })}
        >
          {days ?? t('search.when')}
        </Chip>
      }
    >
      <div className="flex w-64 flex-col gap-3 p-3">
        <DayField
          label={t('search.since')}
          value={wish.since}
          max={wish.until}
          onChange={(since) => onChange({ since })}
        />
        <DayField
          label={t('search.until')}
          value={wish.until}
          min={wish.since}
          onChange={(until) => onChange({ until })}
        />
      </div>
    </Popover>
  );
}

interface ChipProps extends React.ComponentProps<'button'> {
  icon: ReactNode;
  isOn: boolean;
  onClear?: () => void;
}

function Chip({ icon, isOn, onClear, children, ...rest }: ChipProps) {
  const { t } = useTexts();
  return (
    <span
      className={classNames(
        'inline-flex h-8 max-w-64 items-center rounded-full border text-small transition-colors duration-100',
        isOn
          ? 'border-accent/45 bg-accent-soft text-accent-text'
          : 'border-line text-secondary hover:bg-hover',
      )}
    >
      <button
        type="button"
        {...rest}
        className={classNames(
          'inline-flex h-full min-w-0 items-center gap-1.5 rounded-full ps-2.5',
          isOn && onClear ? 'pe-1' : 'pe-3',
        )}
      >
        {/* On a narrow screen they stand in one line without. */}
        <span className={isOn ? undefined : 'max-pane:hidden'}>{icon}</span>
        <bdi className="truncate">{children}</bdi>
      </button>
      {isOn && onClear !== undefined && (
        <button
          type="button"
          aria-label={t('search.filter.clear')}
          onClick={onClear}
          className="flex size-7 items-center justify-center rounded-full"
        >
          <X size={13} />
        </button>
      )}
    </span>
  );
}

interface DayFieldProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (value: string) => void;
}

function DayField({ label, value, min, max, onChange }: DayFieldProps) {
  return (
    <label className="flex flex-col gap-1 text-small text-secondary">
      {label}
      <input
        type="date"
        value={value}
        min={min === '' ? undefined : min}
        max={max === '' ? undefined : max}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 rounded-control border border-edge/60 bg-raised px-2.5 text-body text-text focus:border-accent focus:outline-none"
      />
    </label>
  );
}

function dayWords(t: Translate, { since, until }: SearchWish): string | null {
  const day = (value: string): string => formatDate(`${value}T12:00:00`);
  if (since !== '' && until !== '') return since === until ? day(since) : `${day(since)} – ${day(until)}`;
  if (since !== '') return t('search.after', { day: day(since) });
  if (until !== '') return t('search.before', { day: day(until) });
  return null;
}
