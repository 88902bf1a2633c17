/** What the clients of programs (client.ts) and of browsers (browser-client.ts) have in common. */
import type { TRPCClient } from '@trpc/client';
import type { ApiRouter } from './contract.ts';

export type ApiClient = TRPCClient<ApiRouter>;

/** Between attempts to connect again. A guess: half a start of the node, then patient. */
const retryMsMin = 100;
const retryMsMax = 2_000;

/** How long to wait before an attempt, the first being 0. */
export function retryDelayMs(attempt: number): number {
  return Math.min(retryMsMin * 2 ** Math.min(attempt, 10), retryMsMax);
}
