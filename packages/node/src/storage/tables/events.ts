import { invariant } from '@kith/core/base/invariant';
import { eventKinds } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import { checkLimit, type Forget, type Table } from '../table.ts';

interface Columns {
  seq: number;
  at_wall_ms: number;
  event: number;
  data: string;
}

export interface EventsTable extends Table<'events' | 'lastEventSeq', 'addEvent'> {
  forget(limits: Forget): void;
  /** After a rollback, events given in the transaction were not given. */
  forgetCached(): void;
}

/** What happened, for those who watch. */
export function eventsTable(connection: Connection): EventsTable {
  const after = prepare<Columns>(connection, 'SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
  const last = prepare<{ seq: number }>(
    connection,
    `SELECT max(coalesce((SELECT max(seq) FROM events), 0),
       coalesce((SELECT value FROM counters WHERE name = 'events'), 0)) AS seq`,
  );
  const add = prepare(connection, 'INSERT INTO events (seq, at_wall_ms, event, data) VALUES (?, ?, ?, ?)');
  const keepLast = prepare(
    connection,
    `INSERT INTO counters (name, value) VALUES ('events', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
  const forget = prepare(connection, 'DELETE FROM events WHERE seq < ?');
  let cachedLast: number | undefined;
  const lastEventSeq = (): number => (cachedLast ??= last.get()?.seq ?? 0);
  return {
    reads: {
      events(since, limit) {
        checkLimit(limit);
        return after.all(since, limit).map((columns) => ({
          seq: columns.seq,
          atWallMs: columns.at_wall_ms,
          event: eventKinds.word(columns.event),
          data: columns.data,
        }));
      },
      lastEventSeq,
    },
    writes: {
      addEvent({ row }) {
        invariant(row.seq > lastEventSeq(), 'an event has a higher seq than all before it');
        add.run(row.seq, row.atWallMs, eventKinds.code(row.event), row.data);
        cachedLast = row.seq;
      },
    },
    forget({ eventsFrom }) {
      // The table may become empty; the next event must still get a new number.
      keepLast.run(lastEventSeq());
      forget.run(eventsFrom);
    },
    forgetCached: () => void (cachedLast = undefined),
  };
}
