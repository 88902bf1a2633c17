/** The list beside the rail, as wide as the person made it. Without children: the conversations. */
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { ConversationList } from '../conversation/conversation-list.tsx';
import { ListHeader } from './list-header.tsx';
import { ResizeHandle, useListWidth } from './resize-handle.tsx';

export function ListPane({ className, children }: { className?: string; children?: ReactNode }) {
  const [width, setWidth] = useListWidth();
  return (
    <aside
      // A narrow screen has one pane, as wide as it is; so the width is a variable that only wide ones read.
      style={{ '--list-width': `${String(width)}px` }}
      className={classNames(
        'relative flex w-full min-w-0 shrink-0 flex-col bg-sunken max-pane:bg-ground pane:w-(--list-width) pane:border-e',
        className,
      )}
    >
      {children ?? (
        <>
          <ListHeader />
          <ConversationList />
        </>
      )}
      <ResizeHandle width={width} onChange={setWidth} />
    </aside>
  );
}
