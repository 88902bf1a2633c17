/**
 * All emoji, by group, with a search and a skin tone. A grid for the arrow keys, of which only the rows in sight are drawn. Own
 * rather than a library's, so that picker, completion and reactions share one list that comes from the node.
 */
import { Search } from 'lucide-react';
import { useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';
import { classNames } from '../design/class-names.ts';
import { Popover } from '../design/popover.tsx';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { useEmojiHabits, useEmojiList } from './emoji-list.ts';
import { searchEmoji, withTone, type EmojiEntry, type SkinTone } from './emoji-search.ts';

const columns = 9;
const rowPx = 36;
const searchMax = 180;

/** Groups of emojibase by number; 2 are parts of others. */
const groups: { id: number; sign: string; name: TextId }[] = [
  { id: 0, sign: '😀', name: 'emoji.group.smileys' },
  { id: 1, sign: '👋', name: 'emoji.group.people' },
  { id: 3, sign: '🌿', name: 'emoji.group.nature' },
  { id: 4, sign: '🍓', name: 'emoji.group.food' },
  { id: 5, sign: '🚲', name: 'emoji.group.places' },
  { id: 6, sign: '⚽️', name: 'emoji.group.activities' },
  { id: 7, sign: '💡', name: 'emoji.group.objects' },
  { id: 8, sign: '♻️', name: 'emoji.group.symbols' },
  { id: 9, sign: '🏁', name: 'emoji.group.flags' },
];

type GridRow = { kind: 'title'; title: string; group: number } | { kind: 'cells'; cells: Cell[] };
interface Cell {
  sign: string;
  name: string;
}

export interface EmojiPickerProps {
  onPick: (emoji: string) => void;
}

/** The scroller itself is the grid: between a grid and its rows nothing may take the focus. */
const gridLook = { role: 'grid', style: { height: '100%' }, itemSize: rowPx, tabIndex: -1 } as const;

export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const { t } = useTexts();
  const [query, setQuery] = useState('');
  const { rows, tone, isLoaded } = useGrid(query);
  const [active, setActive] = useState<[number, number]>([1, 0]);
  const [hovered, setHovered] = useState<Cell | null>(null);
  const grid = useRef<VListHandle>(null);
  const gridId = useId();
  const cell = cellAt(rows, active);
  const shown = hovered ?? cell;
  const isEmpty = isLoaded && rows.length === 0;

  function move(event: KeyboardEvent): void {
    if (event.key === 'Enter' && cell !== undefined) {
      event.preventDefault();
      onPick(cell.sign);
      return;
    }
    const next = moved(rows, active, event.key);
    if (next === null || (query !== '' && (event.key === 'Home' || event.key === 'End'))) return;
    event.preventDefault();
    setHovered(null);
    setActive(next);
    grid.current?.scrollToIndex(next[0], { align: 'nearest' });
  }

  return (
    <div className="flex h-90 min-h-40 w-86 max-w-full flex-col">
      <div className="flex items-center gap-1 p-2">
        <QueryField
          value={query}
          // A grid that is not there is not pointed at.
          gridId={isEmpty ? undefined : gridId}
          active={cell === undefined ? undefined : cellId(gridId, ...active)}
          onKeyDown={move}
          onChange={(value) => {
            setQuery(value);
            // The first row of a group is its title; of what was found there is none.
            setActive([value === '' ? 1 : 0, 0]);
            grid.current?.scrollTo(0);
          }}
        />
        <ToneButton tone={tone} />
      </div>
      <div className="min-h-0 flex-1 px-2">
        {isEmpty ? (
          <p className="px-2 py-6 text-center text-secondary">{t('emoji.none')}</p>
        ) : (
          <VList ref={grid} id={gridId} aria-label={t('emoji.title')} data={rows} {...gridLook}>
            {(row, index) => (
              <GridRowView key={index} {...{ row, index, gridId, active, onPick }} onHover={setHovered} />
            )}
          </VList>
        )}
      </div>
      <Foot
        shown={query === '' && hovered === null ? undefined : shown}
        rows={rows}
        onGo={(index) => grid.current?.scrollToIndex(index, { align: 'start' })}
      />
    </div>
  );
}

function useGrid(query: string) {
  const { t, language } = useTexts();
  const list = useEmojiList(language, true);
  const { recent, tone } = useEmojiHabits();
  const wanted = useDeferredValue(query);
  const rows = useMemo(
    () => makeGrid(list ?? [], { query: wanted, recent, tone, title: (id) => t(id) }),
    // The texts change with the language, which changes the list.
    [list, wanted, recent, tone, t],
  );
  return { rows, tone, isLoaded: list !== undefined };
}

interface FootProps {
  shown: Cell | undefined;
  rows: readonly GridRow[];
  onGo: (index: number) => void;
}

/** The name of what is chosen; else the groups. */
function Foot({ shown, rows, onGo }: FootProps) {
  return (
    <footer className="flex h-10 items-center gap-2 border-t border-line px-2">
      {shown === undefined ? (
        <GroupButtons rows={rows} onGo={onGo} />
      ) : (
        <p className="flex min-w-0 items-center gap-2 px-1 text-small text-secondary">
          <span className="text-title">{shown.sign}</span>
          <span className="truncate">{shown.name}</span>
        </p>
      )}
    </footer>
  );
}

interface QueryFieldProps {
  value: string;
  /** Undefined where nothing was found. */
  gridId: string | undefined;
  /** Id of the cell that Enter takes. */
  active: string | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onChange: (value: string) => void;
}

function QueryField({ value, gridId, active, onKeyDown, onChange }: QueryFieldProps) {
  const { t } = useTexts();
  return (
    <div className="relative flex-1">
      <Search
        size={16}
        aria-hidden="true"
        className="pointer-events-none absolute start-2.5 top-2.5 text-faint"
      />
      <input
        type="text"
        role="combobox"
        aria-expanded={gridId !== undefined}
        aria-controls={gridId}
        aria-activedescendant={active}
        aria-label={t('emoji.search')}
        placeholder={t('emoji.search')}
        autoComplete="off"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the panel was opened to choose here.
        autoFocus
        value={value}
        onKeyDown={onKeyDown}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-control border border-edge/60 bg-ground ps-8.5 pe-3 text-body placeholder:text-faint focus:border-accent focus:outline-none"
      />
    </div>
  );
}

function cellId(gridId: string, row: number, column: number): string {
  return `${gridId}-${String(row)}-${String(column)}`;
}

interface GridRowProps {
  row: GridRow;
  index: number;
  gridId: string;
  active: [number, number];
  onPick: (emoji: string) => void;
  onHover: (cell: Cell | null) => void;
}

function GridRowView({ row, index, gridId, active, onPick, onHover }: GridRowProps) {
  if (row.kind === 'title') {
    return (
      <div role="row" className="flex h-9 items-end px-1.5 pb-1 text-meta text-faint">
        <span role="columnheader">{row.title}</span>
      </div>
    );
  }
  return (
    <div role="row" className="grid grid-cols-9" onPointerLeave={() => onHover(null)}>
      {row.cells.map((cell, column) => {
        const isActive = active[0] === index && active[1] === column;
        return (
          <div key={cell.sign} role="gridcell" id={cellId(gridId, index, column)} aria-selected={isActive}>
            <button
              type="button"
              tabIndex={-1}
              aria-label={cell.name}
              onClick={() => onPick(cell.sign)}
              onPointerEnter={() => onHover(cell)}
              className={classNames(
                'flex h-9 w-full items-center justify-center rounded-control text-[1.375rem] hover:bg-hover',
                isActive && 'bg-pressed',
              )}
            >
              {cell.sign}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function GroupButtons({ rows, onGo }: { rows: readonly GridRow[]; onGo: (index: number) => void }) {
  const { t } = useTexts();
  return (
    <div className="flex flex-1 justify-between">
      {groups.map(({ id, sign, name }) => (
        <button
          key={id}
          type="button"
          aria-label={t(name)}
          onClick={() => onGo(rows.findIndex((row) => row.kind === 'title' && row.group === id))}
          className="flex size-8 items-center justify-center rounded-control text-body opacity-70 grayscale hover:bg-hover hover:opacity-100 hover:grayscale-0"
        >
          {sign}
        </button>
      ))}
    </div>
  );
}

const hands = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

function ToneButton({ tone }: { tone: SkinTone }) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label={t('emoji.tone')}
      open={isOpen}
      onOpenChange={setIsOpen}
      side="bottom"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t('emoji.tone')}
          className="flex size-9 items-center justify-center rounded-control text-[1.25rem] hover:bg-hover"
        >
          {hands[tone]}
        </button>
      }
    >
      <div className="flex p-1">
        {hands.map((hand, index) => (
          <button
            key={hand}
            type="button"
            aria-label={t('emoji.tone.number', { number: index })}
            aria-pressed={index === tone}
            onClick={() => {
              // There are as many hands as tones.
              useEmojiHabits.setState({ tone: index as SkinTone });
              setIsOpen(false);
            }}
            className="flex size-9 items-center justify-center rounded-control text-[1.25rem] hover:bg-hover aria-pressed:bg-pressed"
          >
            {hand}
          </button>
        ))}
      </div>
    </Popover>
  );
}

interface GridInput {
  query: string;
  recent: readonly string[];
  tone: SkinTone;
  title: (id: TextId) => string;
}

function makeGrid(list: readonly EmojiEntry[], { query, recent, tone, title }: GridInput): GridRow[] {
  const cellOf = (entry: EmojiEntry): Cell => ({ sign: withTone(entry, tone), name: entry[1] });
  if (query.trim() !== '') return cellRows(searchEmoji(list, query, searchMax).map(cellOf));
  const rows: GridRow[] = [];
  if (recent.length > 0 && list.length > 0) {
    const names = new Map(
      list.flatMap((entry) => [entry[0], ...(entry[4] ?? [])].map((sign) => [sign, entry[1]])),
    );
    rows.push({ kind: 'title', title: title('emoji.group.recent'), group: -1 });
    rows.push(
      ...cellRows(recent.slice(0, 2 * columns).map((sign) => ({ sign, name: names.get(sign) ?? sign }))),
    );
  }
  for (const { id, name } of groups) {
    const cells = list.filter((entry) => entry[3] === id).map(cellOf);
    if (cells.length > 0) rows.push({ kind: 'title', title: title(name), group: id }, ...cellRows(cells));
  }
  return rows;
}

function cellRows(cells: readonly Cell[]): GridRow[] {
  return Array.from({ length: Math.ceil(cells.length / columns) }, (_, index) => ({
    kind: 'cells',
    cells: cells.slice(index * columns, (index + 1) * columns),
  }));
}

function cellAt(rows: readonly GridRow[], [index, column]: [number, number]): Cell | undefined {
  const row = rows[index];
  return row?.kind === 'cells' ? row.cells[column] : undefined;
}

/** Where an arrow leads; null where the key is none, or nothing lies there. */
function moved(
  rows: readonly GridRow[],
  [index, column]: [number, number],
  key: string,
): [number, number] | null {
  const row = rows[index];
  const length = row?.kind === 'cells' ? row.cells.length : 0;
  function vertical(step: number, at: number): [number, number] | null {
    let next = index + step;
    while (rows[next]?.kind === 'title') next += step;
    const target = rows[next];
    return target?.kind === 'cells' ? [next, Math.min(at, target.cells.length - 1)] : null;
  }
  switch (key) {
    case 'ArrowRight':
      return column + 1 < length ? [index, column + 1] : vertical(1, 0);
    case 'ArrowLeft':
      return column > 0 ? [index, column - 1] : vertical(-1, columns);
    case 'ArrowDown':
      return vertical(1, column);
    case 'ArrowUp':
      return vertical(-1, column);
    case 'Home':
      return [index, 0];
    case 'End':
      return [index, length - 1];
    default:
      return null;
  }
}
