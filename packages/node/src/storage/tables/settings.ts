import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Table } from '../table.ts';

/** Single values under a name. */
export function settingsTable(connection: Connection): Table<'setting', 'putSetting' | 'removeSetting'> {
  const select = prepare<{ value: Uint8Array }>(connection, 'SELECT value FROM settings WHERE key = ?');
  const put = prepare(
    connection,
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = prepare(connection, 'DELETE FROM settings WHERE key = ?');
  return {
    reads: {
      setting(key) {
        const row = select.get(key);
        return row === undefined ? undefined : plainBytes(row.value);
      },
    },
    writes: {
      putSetting: ({ key, value }) => void put.run(key, value),
      removeSetting: ({ key }) => void remove.run(key),
    },
  };
}
