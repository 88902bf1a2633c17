/**
 * One call of the local API that goes out before this returns. tRPC's client collects what is called and sends it in the next task,
 * which a page that is being left may not have: Firefox closes its WebSocket as soon as `beforeunload` is over. And what is called
 * so arrives in the order in which it was called.
 */
import { TRPCClientError, type Operation, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { ApiRouter } from './contract.ts';

/** What tRPC answers to a mutation over a WebSocket. The node proved itself before it stood: nobody else speaks here. */
interface Answer {
  id: unknown;
  result?: { data?: unknown };
  error?: { code: number; message: string };
}

/**
 * @param ws - That tRPC's client has open. It hears the answer too, and knows of no such call.
 * @param op - A mutation.
 * @returns ends with the answer. Where none comes because the connection ends, whoever called has to know.
 */
export function callDirectly(
  ws: WebSocket,
  { id, type, path, input }: Operation,
): ReturnType<ReturnType<TRPCLink<ApiRouter>>> {
  return observable((observer) => {
    // tRPC's client numbers what it sends, and these ids count other calls too: a text is no number of it.
    const own = `direct ${id}`;
    const take = ({ data }: MessageEvent): void => {
      if (typeof data !== 'string' || !data.includes(own)) return;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of our own node, as said at Answer.
      const answer = JSON.parse(data) as Answer;
      if (answer.id !== own) return;
      ws.removeEventListener('message', take);
      if (answer.error !== undefined) {
        observer.error(TRPCClientError.from(answer));
        return;
      }
      observer.next({ result: { type: 'data', data: answer.result?.data } });
      observer.complete();
    };
    ws.addEventListener('message', take);
    ws.send(JSON.stringify({ id: own, method: type, params: { path, input } }));
    return () => ws.removeEventListener('message', take);
  });
}
