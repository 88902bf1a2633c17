/**
 * kill -9 on both sides at random moments while texts flow both ways, restart, again. At the end everything that was
 * confirmed must have arrived, once. The moment is random in where the traffic stands and in time: after some number of
 * confirmed texts and a moment more; every fourth kill comes while a node starts.
 */
import { setTimeout as moment } from 'node:timers/promises';
import { chanceOf, type Chance } from './chance.ts';
import { meetByOnceCard } from './conversation.ts';
import { createStage, freePort, untilReady, type Home, type Stage } from './node-process.ts';
import { accountOf, promiseOf, sendByCommand, untilAllDelivered, write, type Promised } from './traffic.ts';

export interface RoundsResult {
  rounds: number;
  killed: number;
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
    const result = { rounds, killed: 0, confirmed: 0, lost: 0, twice: 0 };
    const nodes = await Promise.all(sides.map(({ home, args }) => home.up(args)));
    await meetByOnceCard(sides[0].home, sides[1].home);
    await Promise.all(nodes.map((node) => node.stop()));
    for (let round = 0; round < rounds; round += 1) {
      const killed = await Promise.all(sides.map((side) => oneRound(side, chance)));
      result.killed += killed.reduce((sum, count) => sum + count, 0);
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

/** Starts, writes, kills. The other side does the same at its own pace. @returns how many kills */
async function oneRound({ home, args, promised }: Side, chance: Chance): Promise<number> {
  // Drawn first: what happens meanwhile must not change the order of draws within a side.
  const [isEarly, enough, extraMs, startMs] = [
    chance.below(4) === 0,
    1 + chance.below(60),
    chance.below(40),
    chance.below(600),
  ];
  let killed = 0;
  if (isEarly) {
    const starting = home.launch(args);
    await moment(startMs);
    await starting.kill('SIGKILL');
    killed += 1;
  }
  const node = await untilReady(home.launch(args));
  const writer = write(await home.connect(), promised);
  const typed = sendByCommand(promised);
  await writer.confirmedSoFar(enough);
  await moment(extraMs);
  await node.child.kill('SIGKILL');
  await Promise.all([writer.stopped, typed]);
  return killed + 1;
}
