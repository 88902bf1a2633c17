/**
 * kill -9 on both sides at random moments while texts flow both ways, restart, again. At the end everything that was
 * confirmed must have arrived, once. The moment is random in where the traffic stands and in time: after some number of
 * confirmed texts and a moment more; every fourth kill comes while a node starts.
 */
import { setTimeout as moment } from 'node:timers/promises';
import type { ApiEvent } from '@kith/api/shapes';
import { chanceOf, type Chance } from './chance.ts';
import { meetByOnceCard } from './conversation.ts';
import { createStage, freePort, untilReady, type Home, type Stage } from './node-process.ts';
import { accountOf, promiseOf, sendByCommand, untilAllDelivered, write, type Promised } from './traffic.ts';

export interface RoundsResult {
  rounds: number;
  killed: number;
  /** Texts that arrived while both sides were writing, before the plugs were pulled. */
  arrivedMeanwhile: number;
  confirmed: number;
  lost: number;
  twice: number;
}

interface Side {
  home: Home;
  args: string[];
  promised: Promised;
}

/** Throws when a promise was broken, with the seed, and what the processes said. */
export async function killRounds(rounds: number, seed: number): Promise<RoundsResult> {
  const stage = createStage();
  const chance = chanceOf(seed);
  try {
    const sides = await twoSides(stage);
    const result = { rounds, killed: 0, arrivedMeanwhile: 0, confirmed: 0, lost: 0, twice: 0 };
    const nodes = await Promise.all(sides.map(({ home, args }) => home.up(args)));
    await meetByOnceCard(sides[0].home, sides[1].home);
    await Promise.all(nodes.map((node) => node.stop()));
    for (let round = 0; round < rounds; round += 1) {
      for (const { killed, arrived } of await oneRound(sides, chance)) {
        result.killed += killed;
        result.arrivedMeanwhile += arrived;
      }
    }
    await Promise.all(sides.map(({ home, args }) => home.up(args)));
    for (const { promised } of sides) {
      await untilAllDelivered(promised);
      const account = await accountOf(promised);
      result.confirmed += account.confirmed;
      result.lost += account.lost.length;
      result.twice += account.twice.length;
      const broken = account.lost.length + account.twice.length + account.strange.length;
      if (broken > 0) throw new Error(`promises were broken: ${JSON.stringify(account)}`);
    }
    return result;
  } catch (error) {
    throw new Error(`kill rounds with seed ${seed} failed: ${String(error)}\n${stage.report()}`, {
      cause: error,
    });
  } finally {
    await stage.clear();
  }
}

async function twoSides(stage: Stage): Promise<[Side, Side]> {
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const [annPort, benPort] = [await freePort(), await freePort()];
  const address = (port: number): string => `/ip4/127.0.0.1/tcp/${port}`;
  const argsOf = (own: number, other: number): string[] => {
    return ['--lan', 'off', '--listen', address(own), '--bootstrap', address(other)];
  };
  return [
    { home: ann, args: argsOf(annPort, benPort), promised: promiseOf(ann, ben) },
    { home: ben, args: argsOf(benPort, annPort), promised: promiseOf(ben, ann) },
  ];
}

interface RoundOfSide {
  killed: number;
  arrived: number;
}

/** Each side starts, writes and is killed at its own pace. */
async function oneRound(sides: readonly Side[], chance: Chance): Promise<RoundOfSide[]> {
  const over = Promise.withResolvers<void>();
  return await Promise.all(
    sides.map(async (side) => {
      try {
        return await roundOfSide(side, planOf(chance), over.promise);
      } finally {
        over.resolve();
      }
    }),
  );
}

interface Plan {
  /** A kill while it starts, this long after the start; undefined for none. */
  earlyMs: number | undefined;
  /** Texts confirmed before the kill. */
  confirmed: number;
  /** Whether a text of the other side must have arrived before the kill. */
  waitsForText: boolean;
  extraMs: number;
}

function planOf(chance: Chance): Plan {
  return {
    earlyMs: chance.below(4) === 0 ? chance.below(600) : undefined,
    confirmed: 1 + chance.below(60),
    waitsForText: chance.below(2) === 0,
    extraMs: chance.below(40),
  };
}

/** @param over resolves when one of the sides is done: nothing more may come from it */
async function roundOfSide(
  { home, args, promised }: Side,
  plan: Plan,
  over: Promise<void>,
): Promise<RoundOfSide> {
  if (plan.earlyMs !== undefined) {
    const starting = home.launch(args);
    await moment(plan.earlyMs);
    await starting.kill('SIGKILL');
  }
  const node = await untilReady(home.launch(args));
  const events = await home.follow(Number.MAX_SAFE_INTEGER);
  const isText = (event: ApiEvent): boolean => event.event === 'message' && event.data.direction === 'in';
  const writer = write(await home.connect(), promised);
  const typed = sendByCommand(promised);
  await writer.confirmedSoFar(plan.confirmed);
  if (plan.waitsForText) await Promise.race([events.until('a text of the other', isText), over]);
  await moment(plan.extraMs);
  await node.child.kill('SIGKILL');
  await Promise.all([writer.stopped, typed]);
  return { killed: plan.earlyMs === undefined ? 1 : 2, arrived: events.seen.filter(isText).length };
}
