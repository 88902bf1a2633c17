import type { DeviceId, PersonId } from '@kith/core/base/ids';
import type { DeviceRow } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Table } from '../table.ts';

interface Columns {
  device: DeviceId;
  person: PersonId;
  bundle: Uint8Array | null;
  /** JSON array of strings. */
  addresses: string;
}

/** Devices of contacts. */
export function devicesTable(connection: Connection): Table<'devices', 'putDevice' | 'removeDevice'> {
  const all = prepare<Columns>(connection, 'SELECT * FROM devices ORDER BY device');
  const put = prepare(
    connection,
    'INSERT OR REPLACE INTO devices (device, person, bundle, addresses) VALUES (?, ?, ?, ?)',
  );
  const remove = prepare(connection, 'DELETE FROM devices WHERE device = ?');
  return {
    reads: { devices: () => all.all().map(deviceRow) },
    writes: {
      putDevice: ({ row }) =>
        void put.run(row.device, row.person, row.bundle ?? null, JSON.stringify(row.addresses)),
      removeDevice: ({ device }) => void remove.run(device),
    },
  };
}

function deviceRow(columns: Columns): DeviceRow {
  return {
    device: columns.device,
    person: columns.person,
    bundle: columns.bundle === null ? undefined : plainBytes(columns.bundle),
    addresses: JSON.parse(columns.addresses) as string[], // Written by this module alone, and authenticated.
  };
}
