/** The page's one connection to its node. It comes back by itself; `useConnectionState` says how it stands. */
import { useSyncExternalStore } from 'react';
import type { ApiClient } from '@kith/api/api-client';
import { connectBrowser, type ConnectionState } from '@kith/api/browser-client';

const connection = connectBrowser({ origin: location.origin, storage: localStorage });

/** Every call of the local API. Fails with `no-node` at once while there is no connection; nothing waits to act later. */
export const api: ApiClient = connection.api;

export const retryConnection = (): void => connection.retryNow();
export const connectionState = (): ConnectionState => connection.state();
/** @returns ends it. */
export const watchConnection = (listener: () => void): (() => void) => connection.watch(listener);

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(watchConnection, connectionState);
}
