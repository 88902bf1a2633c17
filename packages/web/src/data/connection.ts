/** The page's one connection to its node. It comes back by itself; `useConnectionState` says how it stands. */
import { useSyncExternalStore } from 'react';
import type { ApiClient } from '@kith/api/api-client';
import { connectBrowser, type ConnectionState } from '@kith/api/browser-client';
import { keyName } from '@kith/api/browser-key';

/** What a link brought along, behind the `#`: for this page alone. */
const pairing = /^#pairing=([\w-]+)$/.exec(location.hash)?.[1];

const connection = connectBrowser({
  origin: location.origin,
  storage: localStorage,
  pairing,
  nodePort: import.meta.env.DEV ? import.meta.env['VITE_NODE_PORT'] : undefined,
});

// It was written down by now, so the address need not keep it.
if (pairing !== undefined) history.replaceState(history.state, '', `${location.pathname}${location.search}`);

// Another window was just signed in.
addEventListener('storage', ({ key }) => {
  if (key === keyName) connection.retryNow();
});

/** Every call of the local API. Fails with `no-node` at once while there is no connection; nothing waits to act later. */
export const api: ApiClient = connection.api;

export const retryConnection = (): void => connection.retryNow();
export const connectionState = (): ConnectionState => connection.state();
/** @returns ends it. */
export const watchConnection = (listener: () => void): (() => void) => connection.watch(listener);

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(watchConnection, connectionState);
}
