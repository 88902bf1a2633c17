/**
 * The messages of one conversation. Only what is near the screen is drawn; the window of messages behind it is a few hundred of
 * however many there are. What the reader looks at never moves by itself: older pages, late heights and new messages leave it
 * where it is, unless the reader is at the end, where the newest message stays in sight.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
  type RefCallback,
  type RefObject,
} from 'react';
import { useStore } from 'zustand';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Message } from '@kith/api/shapes';
import type { Ask, MessageWindow } from '../data/messages/message-window.ts';
import type { Place } from '../data/messages/reading-places.ts';
import { untilReleased } from '../design/press.ts';
import { Skeleton } from '../design/skeleton.tsx';
import { TipLayer } from '../design/tip-layer.tsx';
import { classNames } from '../design/class-names.ts';
import { formatDay } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { ListContextMenu } from './list-context-menu.tsx';
import { ListScroller } from './list-scroller.ts';
import { JumpButton } from './jump-button.tsx';
import { ConversationStart, DayLine, UnreadLine } from './list-lines.tsx';
import { RowMaker, type Row } from './message-rows.ts';
import { MessageRowView } from './message-row.tsx';
import type { Selection } from './selection.ts';
import type { Jump, UnreadMark } from './use-opening.ts';
import { useRowFocus } from './use-row-focus.ts';
import { useSeen } from './use-seen.ts';

/** Drawn beyond the screen, so that a fast wheel meets no blank. */
const bufferPx = 900;
/** Until the first rows are on the screen nothing beyond it is drawn: they are there in half the time. */
const firstBufferPx = 0;
/** Of a row, until it is measured. Too low a guess draws rows that have no room. */
const rowPxGuess = 64;
/** Sooner than anybody scrolls. A guess. */
const firstRowsMs = 100;

export interface MessageListProps {
  window: MessageWindow;
  label: string;
  /** Where the line of what is unread stands. */
  unread: UnreadMark | null;
  /** Unread messages of the conversation, for the button that leads down. */
  unreadCount: number;
  jump: Jump | null;
  /** Null where nothing is being selected. */
  selected: Selection | null;
  onAsk: (ask: Ask) => void;
  onEnd: (isAtEnd: boolean) => void;
  onTrim: (side: 'oldest' | 'newest') => void;
  /** Resolves with whether the node knows now. */
  onSeen: (message: Message) => Promise<boolean>;
  onLeavePlace: (place: Place | null) => void;
  onJumpToEnd: () => void;
  onJumpToDay: (time: string) => void;
  onLeave: () => void;
}

export function MessageList(props: MessageListProps) {
  const { window, label, unread, unreadCount, selected, onLeave, onJumpToDay } = props;
  const { t } = useTexts();
  const list = useRef<VirtualizerHandle>(null);
  const { rows, isShifted } = useRows(window, unread);
  const scroller = useScroller(list, props, rows);
  const { isAtEnd, highlighted, day } = useStore(scroller.sight);
  const focus = useRowFocus(list, rows, onLeave);
  const buffer = useBuffer(window.isEmpty);
  const log = useLog(scroller);
  const press = usePress(scroller);
  if (window.isEmpty) return <ListSkeleton />;
  return (
    <TipLayer className="relative flex min-h-0 flex-1 flex-col">
      <ListContextMenu messages={window.messages}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys move among its articles. */}
        <div
          ref={log}
          role="log"
          // Scrolling draws old messages anew; what is new is told by use-announcements.ts.
          aria-live="off"
          aria-label={label}
          aria-busy={window.asked !== null}
          className="flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
          // With Ctrl it makes everything larger.
          onWheel={({ deltaY, ctrlKey }) => deltaY < 0 && !ctrlKey && scroller.onWheelUp()}
          onPointerDownCapture={press}
          onKeyDown={focus.onKeyDown}
          onFocus={focus.onFocus}
        >
          {/* A short conversation stands at the bottom, above the composer. */}
          <div className="grow" />
          <Virtualizer
            ref={list}
            data={rows}
            shift={isShifted}
            bufferSize={buffer}
            itemSize={rowPxGuess}
            keepMounted={focus.kept}
            onScroll={(offset) => scroller.onScroll(offset)}
            onScrollEnd={() => scroller.onScrollEnd()}
            onResize={() => scroller.onResize()}
          >
            {(row) => (
              <RowView
                key={row.key}
                row={row}
                isCurrent={row.key === focus.current}
                highlighted={highlighted}
                selected={selected}
                onJumpToDay={onJumpToDay}
              />
            )}
          </Virtualizer>
          <div className="h-2 shrink-0" />
        </div>
      </ListContextMenu>
      <DayInSight time={day} />
      {!isAtEnd && <JumpButton count={unreadCount} label={t('talk.latest')} onClick={props.onJumpToEnd} />}
    </TipLayer>
  );
}

function useBuffer(isEmpty: boolean): number {
  const [buffer, setBuffer] = useState(firstBufferPx);
  useEffect(() => {
    if (isEmpty) return undefined;
    const timer = setTimeout(() => setBuffer(bufferPx), firstRowsMs);
    return () => clearTimeout(timer);
  }, [isEmpty]);
  return buffer;
}

/** @returns the ref of what scrolls, whose heights its scroller has to know as the page has them. */
function useLog(scroller: ListScroller): RefCallback<HTMLElement> {
  return useCallback(
    (log: HTMLElement) => {
      scroller.hold(log);
      const observer = new ResizeObserver(() => scroller.onExtent());
      for (const element of [log, ...log.children]) observer.observe(element);
      return () => {
        observer.disconnect();
        scroller.hold(null);
      };
    },
    [scroller],
  );
}

/** @returns what the log does when it is pressed: what is under the pointer stays there until the click. */
function usePress(scroller: ListScroller): (event: PointerEvent) => void {
  const end = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => end.current?.(), []);
  return ({ target, currentTarget }) => {
    // The bar that scrolls it leads to the end as well.
    if (target === currentTarget) return;
    end.current?.();
    scroller.onPress(true);
    end.current = untilReleased(() => scroller.onPress(false));
  };
}

function useScroller(
  list: RefObject<VirtualizerHandle | null>,
  props: MessageListProps,
  rows: readonly Row[],
): ListScroller {
  const [scroller] = useState(() => new ListScroller());
  const onLook = useSeen(rows, list, props.onSeen);
  const { window } = props;
  useLayoutEffect(() => scroller.update(list.current, { ...props, rows, onLook }));
  // While its rows are still there.
  useLayoutEffect(() => () => scroller.leave(), [scroller]);
  // Every drawing of new rows may have moved the end out of sight, or called for the next page.
  useEffect(() => scroller.look(false), [scroller, rows, window]);
  useEffect(() => () => scroller.end(), [scroller]);
  return scroller;
}

function useRows(window: MessageWindow, unread: UnreadMark | null) {
  const [maker] = useState(() => new RowMaker());
  const { messages, pending, keys, hasNewer, hasOlder, isEmpty } = window;
  return useMemo(
    () =>
      maker.make({
        messages,
        // They stand after the newest message, which is not here.
        pending: hasNewer ? nothing : pending,
        keys,
        unread,
        isStart: !isEmpty && !hasOlder,
      }),
    [maker, messages, pending, keys, hasNewer, hasOlder, isEmpty, unread],
  );
}

const nothing: MessageWindow['pending'] = [];

/** The day of what is being scrolled past. It keeps its words while it fades. */
function DayInSight({ time }: { time: string | null }) {
  const [last, setLast] = useState(time);
  if (time !== null && time !== last) setLast(time);
  if (last === null) return null;
  return (
    <p
      aria-hidden="true"
      data-passing=""
      className={classNames(
        'pointer-events-none absolute inset-x-0 top-2 z-3 text-center transition-opacity duration-200',
        time === null && 'opacity-0',
      )}
    >
      <span className="rounded-full border border-line bg-raised px-2.5 py-1 text-meta text-secondary shadow-float">
        {formatDay(last)}
      </span>
    </p>
  );
}

interface RowViewProps {
  row: Row;
  isCurrent: boolean;
  highlighted: string | null;
  selected: Selection | null;
  onJumpToDay: (time: string) => void;
}

function RowView({ row, isCurrent, highlighted, selected, onJumpToDay }: RowViewProps) {
  switch (row.kind) {
    case 'start':
      return <ConversationStart />;
    case 'day':
      return <DayLine time={row.time} onJump={onJumpToDay} />;
    case 'unread':
      return <UnreadLine count={row.count} />;
    case 'message':
      return (
        <MessageRowView
          row={row}
          isCurrent={isCurrent}
          isHighlighted={highlighted === row.message.id}
          isSelected={selected?.has(row.message.id)}
        />
      );
    case 'pending':
      return <MessageRowView row={row} isCurrent={isCurrent} isHighlighted={false} isSelected={undefined} />;
  }
}

export function ListSkeleton() {
  const { t } = useTexts();
  const widths = ['w-40', 'w-64', 'w-52', 'w-72', 'w-36', 'w-60'];
  return (
    <div
      role="status"
      className="mx-auto flex min-h-0 w-full max-w-190 flex-1 flex-col justify-end gap-3 overflow-hidden px-4 pb-4"
    >
      <span className="sr-only">{t('talk.loading')}</span>
      {widths.map((width, index) => (
        <Skeleton
          key={width}
          className={classNames('h-9 rounded-bubble!', width, index % 3 === 2 && 'ms-auto')}
        />
      ))}
    </div>
  );
}
