/** Where a profile lives when nobody says otherwise. */
import { resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * The profile's folder, absolute: `--data`, else `KITH_DATA`, else the system's place for a program's data
 * (`~/.local/share/kith`, `~/Library/Application Support/kith`, `%LOCALAPPDATA%\kith\Data`).
 *
 * @param chosen - What `--data` says; undefined or empty when it was not given.
 */
export function dataFolder(chosen: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  const named = chosen !== undefined && chosen !== '' ? chosen : environment['KITH_DATA'];
  if (named !== undefined && named !== '') return resolve(named);
  return envPaths('kith', { suffix: '' }).data;
}

/** The log file of a profile; older ones have `.1` and `.2` behind. */
export function logFile(data: string): string {
  return resolve(data, 'logs', 'kith.log');
}
