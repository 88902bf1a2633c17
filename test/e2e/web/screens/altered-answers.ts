/** Makes a node say what it cannot be brought to say in a minute: its answers are altered on their way to the page. */
import type { Page } from 'playwright-core';
import type { ApiRecord } from '@kith/api/contract';
import type { ErrorCode } from '@kith/api/errors';

type Resource = keyof ApiRecord;
type CallName = { [Name in Resource]: `${Name}.${keyof ApiRecord[Name] & string}` }[Resource];
type Call<Name> = Name extends `${infer Of extends Resource}.${infer Part}`
  ? Part extends keyof ApiRecord[Of]
    ? ApiRecord[Of][Part]
    : never
  : never;
type Answer<Name> = Call<Name> extends { _def: { $types: { output: infer Output } } } ? Output : never;

/** By the name of the call: what becomes of its answer, a failure in its place, until when it is held, or no answer at all. */
export type Altered = {
  [Name in CallName]?:
    | ((answer: Answer<Name>) => Answer<Name>)
    | { fails: ErrorCode }
    | { heldUntil: Promise<void> }
    | 'silence';
};

interface Asked {
  id?: number;
  params?: { path?: string };
}

interface Answered {
  id?: number;
  result?: { type: string; data?: unknown };
}

/** @param altered - Asked anew with every answer. */
export async function alterAnswers(page: Page, altered: () => Altered): Promise<void> {
  await page.routeWebSocket(/\/api/, (socket) => {
    const server = socket.connectToServer();
    const paths = new Map<number, string>();
    socket.onMessage((said) => {
      const asked = typeof said === 'string' ? (read(said) as Asked | Asked[] | undefined) : undefined;
      for (const { id, params } of [asked ?? []].flat())
        if (id !== undefined && params?.path !== undefined) paths.set(id, params.path);
      server.send(said);
    });
    server.onMessage((said) => {
      const answered = typeof said === 'string' ? (read(said) as Answered | undefined) : undefined;
      const path = paths.get(answered?.id ?? -1);
      const change = Object.entries(altered()).find(([name]) => name === path)?.[1];
      if (answered === undefined || change === undefined) socket.send(said);
      else if (typeof change === 'object' && 'heldUntil' in change)
        void change.heldUntil.then(() => socket.send(said));
      else if (change !== 'silence') socket.send(JSON.stringify(changed(answered, change)));
    });
  });
}

type Change = Exclude<Altered[CallName], 'silence' | { heldUntil: Promise<void> } | undefined>;

function changed(answered: Answered, change: Change): object {
  if (typeof change !== 'function') {
    const error = { code: -32_603, message: change.fails, data: { code: change.fails } };
    return { id: answered.id, error };
  }
  if (answered.result?.type !== 'data') return answered;
  return { ...answered, result: { ...answered.result, data: change(answered.result.data as never) } };
}

/** Undefined where it is no JSON: `PING`. */
function read(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}
