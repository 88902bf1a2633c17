/** Where something will be. Shows itself after 150 ms, so that what comes at once does not flicker. */
import { classNames } from './class-names.ts';

export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className="appear-late block">
      <span className={classNames('shimmer block rounded-small bg-pressed', className)} />
    </span>
  );
}

/** Rows of a list to come: a circle and two lines each. */
export function SkeletonRows({ count = 6, label }: { count?: number; label: string }) {
  const widths = ['w-28', 'w-36', 'w-24', 'w-32', 'w-40'];
  return (
    <div role="status" className="flex flex-col">
      <span className="sr-only">{label}</span>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="flex h-(--row) items-center gap-3 px-3">
          <Skeleton className="size-9 rounded-full!" />
          <div className="flex flex-1 flex-col gap-1.5">
            <Skeleton className={classNames('h-3', widths[index % widths.length])} />
            <Skeleton className="h-2.5 w-full max-w-48" />
          </div>
        </div>
      ))}
    </div>
  );
}
