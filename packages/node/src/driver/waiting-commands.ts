/** Commands that the Peer has or will have, until each is answered: exactly once. */
import { KithError } from '@kith/core/base/errors';
import { invariant } from '@kith/core/base/invariant';
import type { Answer, CommandName, Commands } from '@kith/core/peer/contract';

export type CommandOutcome<Name extends CommandName> =
  | { ok: true; out: Commands[Name]['out'] }
  | { ok: false; error: KithError };

export type Done = (outcome: CommandOutcome<CommandName>) => void;

export class WaitingCommands {
  /** By request: the numbers rise, and so does the order here. */
  readonly #waiting = new Map<number, Done>();

  add(request: number, done: Done): void {
    this.#waiting.set(request, done);
  }

  answer(request: number, answer: Answer): void {
    const done = this.#waiting.get(request);
    invariant(done !== undefined, 'a command is answered once');
    this.#waiting.delete(request);
    if (answer.ok) done({ ok: true, out: answer.out });
    else done({ ok: false, error: new KithError(answer.code, answer.detail) });
  }

  /** Refuses all whose request is below `end`. One that is added meanwhile waits on. */
  refuse(error: KithError, end: number = Infinity): void {
    const refused = [...this.#waiting].filter(([request]) => request < end);
    for (const [request] of refused) this.#waiting.delete(request);
    for (const [, done] of refused) done({ ok: false, error });
  }
}
