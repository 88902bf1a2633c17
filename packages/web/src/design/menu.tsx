/** Acts behind a button, or behind a thing (right click, long press, the menu key). Both draw the same entries. */
import { Check } from 'lucide-react';
import { ContextMenu as OnThing, DropdownMenu as OnButton } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Shortcut } from './shortcut.tsx';

export interface MenuAct {
  label: string;
  icon?: ReactNode;
  shortcut?: string;
  /** Not taken back, or hurts. */
  danger?: boolean;
  disabled?: boolean;
  /** One of several of which one stands. */
  checked?: boolean;
  /** The act takes the focus elsewhere: the menu does not give it back to where it came from. */
  movesFocus?: boolean;
  onSelect: () => void;
}

/** `line` separates what is of another kind. */
export type MenuEntry = MenuAct | 'line';

/** A menu's distance from the edge of the window. */
const edgePx = 8;

const panel =
  'float-in z-50 min-w-48 max-w-80 rounded-panel border border-line bg-raised p-1 shadow-float focus:outline-none';

/** As a function it is asked when the menu opens: what is closed costs nothing. */
type Entries = readonly MenuEntry[] | (() => readonly MenuEntry[]);

export interface MenuProps {
  entries: Entries;
  /** One button that takes a ref and the usual handlers. */
  children: ReactNode;
  side?: 'top' | 'bottom' | 'right' | 'left';
  align?: 'start' | 'center' | 'end';
  /** For those who draw something while it is open. */
  onOpenChange?: (open: boolean) => void;
}

// Not modal, in both: a modal menu writes a style element to lock the page's scrolling, which the policy forbids.
export function Menu({ entries, children, side = 'bottom', align = 'end', onOpenChange }: MenuProps) {
  const focus = useFocusMover();
  return (
    <OnButton.Root modal={false} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <OnButton.Trigger asChild>{children}</OnButton.Trigger>
      <OnButton.Portal>
        <OnButton.Content
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={edgePx}
          onCloseAutoFocus={focus.onClose}
          className={panel}
        >
          <Items entries={entries} parts={OnButton} onSelect={focus.onSelect} />
        </OnButton.Content>
      </OnButton.Portal>
    </OnButton.Root>
  );
}

export interface ContextMenuProps {
  entries: Entries;
  children: ReactNode;
  onOpenChange?: (open: boolean) => void;
}

export function ContextMenu({ entries, children, onOpenChange }: ContextMenuProps) {
  const focus = useFocusMover();
  return (
    <OnThing.Root modal={false} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <OnThing.Trigger asChild>{children}</OnThing.Trigger>
      <OnThing.Portal>
        <OnThing.Content
          ref={pullIn}
          collisionPadding={edgePx}
          onCloseAutoFocus={focus.onClose}
          className={panel}
        >
          <Items entries={entries} parts={OnThing} onSelect={focus.onSelect} />
        </OnThing.Content>
      </OnThing.Portal>
    </OnThing.Root>
  );
}

/** A menu at a point stands beside it; where there is room on neither side, it comes back into the window. */
function pullIn(menu: HTMLElement | null): (() => void) | undefined {
  if (menu === null) return undefined;
  // It is placed by then.
  const frame = requestAnimationFrame(() => {
    const { left, right } = (menu.parentElement ?? menu).getBoundingClientRect();
    const way = Math.max(0, edgePx - left) - Math.max(0, right - innerWidth + edgePx);
    if (way !== 0) menu.style.translate = `${String(way)}px`;
  });
  return () => cancelAnimationFrame(frame);
}

interface ItemsProps {
  entries: Entries;
  parts: Pick<typeof OnButton | typeof OnThing, 'Item' | 'Separator'>;
  onSelect: (act: MenuAct) => void;
}

function Items({ entries, parts: { Item, Separator }, onSelect }: ItemsProps) {
  return (typeof entries === 'function' ? entries() : entries).map((entry, index) =>
    entry === 'line' ? (
      // Lines have no name, and their order never changes while the menu is open.
      <Separator key={`line ${String(index)}`} className="mx-2 my-1 h-px bg-line" />
    ) : (
      <Item key={entry.label} {...itemProps(entry, onSelect)}>
        <EntryWords entry={entry} />
      </Item>
    ),
  );
}

/** Whether the focus comes back when the menu closes is decided by the act that closed it. */
function useFocusMover() {
  const isMoved = useRef(false);
  return {
    onSelect: (act: MenuAct) => {
      isMoved.current = act.movesFocus === true;
      act.onSelect();
    },
    onClose: (event: Event) => {
      if (isMoved.current) event.preventDefault();
      isMoved.current = false;
    },
  };
}

function itemProps(act: MenuAct, onSelect: (act: MenuAct) => void) {
  const { disabled = false, danger = false, checked } = act;
  return {
    // Which one stands is said too, not only shown.
    ...(checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': checked }),
    onSelect: () => onSelect(act),
    disabled,
    className: classNames(
      'flex min-h-8 items-center gap-2.5 rounded-control px-2.5 py-1 text-body outline-none select-none',
      'data-[disabled]:opacity-45 data-[highlighted]:bg-hover',
      danger ? 'text-bad' : 'text-text',
    ),
  };
}

function EntryWords({ entry }: { entry: MenuAct }) {
  return (
    <>
      {entry.icon !== undefined && (
        <span className={entry.danger === true ? 'text-bad' : 'text-faint'}>{entry.icon}</span>
      )}
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.checked === true && <Check size={16} className="text-accent-text" />}
      {entry.shortcut !== undefined && <Shortcut keys={entry.shortcut} />}
    </>
  );
}
