/** Ctrl/Cmd-K: to any conversation, person, setting or act, by typing some of its name. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import {
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  type Dispatch,
  type SetStateAction,
} from 'react';
import { Avatar } from '../design/avatar.tsx';
import { classNames } from '../design/class-names.ts';
import { Dialog } from '../design/dialog.tsx';
import { Shortcut } from '../design/shortcut.tsx';
import { queries } from '../data/queries.ts';
import { useSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { closeOverlay } from './overlays.ts';
import { choose, type Choice } from './switcher-search.ts';
import { useActs } from './switcher-acts.tsx';
import { typeAhead } from './type-ahead.ts';

export interface SwitcherChoice extends Choice {
  kind: 'conversation' | 'act' | 'setting';
  icon: ReactNode;
  shortcut?: string;
  run: () => void;
}

const kinds = {
  conversation: 'switcher.conversations',
  act: 'switcher.acts',
  setting: 'switcher.settings',
} as const;

export function Switcher() {
  const { t } = useTexts();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const all = [...useConversationChoices(), ...useActs(useSettings().hasPin)];
  const found = inKinds(choose(all, typed));
  const active = found[Math.min(at, found.length - 1)];
  useTypedAhead(setTyped);
  const activeRow = useRef<HTMLDivElement>(null);
  useInSight(activeRow, active?.id);

  function run(choice: SwitcherChoice | undefined): void {
    if (choice !== undefined) closeOverlay();
    choice?.run();
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const next = rowAfter(event.key, at, found.length - 1);
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter') run(active);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog open bare onClose={closeOverlay} title={t('switcher.title')} width="wide">
      <div className="sticky top-0 flex items-center gap-3 border-b bg-raised px-4">
        <Search size={18} className="shrink-0 text-faint" />
        <input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was opened to type here.
          autoFocus
          role="combobox"
          aria-label={t('switcher.title')}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={active === undefined ? undefined : `${list}-${active.id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('switcher.placeholder')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
          className="h-13 min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <Shortcut keys="Escape" />
      </div>
      <div id={list} role="listbox" aria-label={t('switcher.title')} className="p-1.5">
        {found.map((choice, index) => (
          <SwitcherRow
            key={choice.id}
            id={`${list}-${choice.id}`}
            ref={choice === active ? activeRow : undefined}
            choice={choice}
            heading={choice.kind === found[index - 1]?.kind ? undefined : t(kinds[choice.kind])}
            active={choice === active}
            onPoint={() => setAt(index)}
            onRun={() => run(choice)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p className="px-5 pt-6 pb-9 text-center text-secondary">{t('switcher.nothing')}</p>
      )}
    </Dialog>
  );
}

/** What was typed before the field was there stands before what is typed in it. */
function useTypedAhead(setTyped: Dispatch<SetStateAction<string>>): void {
  useEffect(() => {
    const ahead = typeAhead.take('switcher');
    if (ahead !== '') setTyped((typed) => ahead + typed);
  }, [setTyped]);
}

function useInSight(row: RefObject<HTMLElement | null>, id: string | undefined): void {
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no way to end an effect.
    row.current?.scrollIntoView({ block: 'nearest' });
  }, [row, id]);
}

/** @returns where a key leads from a row, around the ends by arrows; undefined where it leads nowhere. */
function rowAfter(key: string, at: number, last: number): number | undefined {
  if (key === 'ArrowDown') return at >= last ? 0 : at + 1;
  if (key === 'ArrowUp') return at <= 0 ? last : at - 1;
  if (key === 'PageDown') return Math.min(last, at + 8);
  return key === 'PageUp' ? Math.max(0, at - 8) : undefined;
}

interface RowProps {
  id: string;
  ref: React.Ref<HTMLDivElement> | undefined;
  choice: SwitcherChoice;
  heading: string | undefined;
  active: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function SwitcherRow({ id, ref, choice, heading, active, onPoint, onRun }: RowProps) {
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className="px-3 pt-2.5 pb-1 text-meta text-faint">
          {heading}
        </div>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are the combobox's. */}
      <div
        id={id}
        ref={ref}
        role="option"
        aria-selected={active}
        tabIndex={-1}
        onPointerMove={onPoint}
        onClick={onRun}
        className={classNames(
          'flex h-10 items-center gap-3 rounded-control px-3',
          active ? 'bg-accent-soft' : undefined,
        )}
      >
        <span className="inline-flex w-7 shrink-0 justify-center text-secondary">{choice.icon}</span>
        <span className="foreign min-w-0 flex-1 truncate">{choice.name}</span>
        {choice.shortcut !== undefined && <Shortcut keys={choice.shortcut} />}
      </div>
    </>
  );
}

/** The kinds stay together, in the order of their best find. */
function inKinds(found: readonly SwitcherChoice[]): SwitcherChoice[] {
  const order = [...new Set(found.map(({ kind }) => kind))];
  return order.flatMap((kind) => found.filter((choice) => choice.kind === kind));
}

function useConversationChoices(): SwitcherChoice[] {
  const navigate = useNavigate();
  const { data: conversations = [] } = useQuery(queries.conversations);
  return conversations.map((conversation) => ({
    id: conversation.id,
    kind: 'conversation',
    name: conversation.name,
    also: conversation.contact?.claimedName ?? '',
    icon: (
      <Avatar
        id={conversation.contact?.id ?? conversation.id}
        name={conversation.name}
        hue={conversation.contact?.hue ?? null}
        size={28}
      />
    ),
    run: () => void navigate({ to: '/c/$conversation', params: { conversation: conversation.id } }),
  }));
}
