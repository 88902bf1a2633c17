/**
 * Power cuts: the profile of one side lies on a disk that is cut off at random moments while texts flow both ways, and
 * goes on from a copy of what the disk held then. The other side keeps its memory, and so remembers every promise.
 */
import { join } from 'node:path';
import { setTimeout as moment } from 'node:timers/promises';
import { blockImagesUnable, createCuttableDisk, type CuttableDisk } from './block-image.ts';
import { chanceOf, type Chance } from './chance.ts';
import { meetByOnceCard } from './conversation.ts';
import { createStage, freePort, type Stage } from './node-process.ts';
import { accountOf, promiseOf, sendByCommand, untilAllDelivered, wholeHistory, write } from './traffic.ts';

export const powerCutsUnable: () => string | undefined = blockImagesUnable;

export interface CutsResult {
  cuts: number;
  confirmed: number;
  /** Confirmed by the side that was cut and no longer known to it, or confirmed by either and never read by the other. */
  lost: number;
  twice: number;
}

export interface CutsSettings {
  cuts: number;
  seed: number;
  /** Makes the node's commits not wait for the disk, to prove that a loss would be seen. */
  plant: boolean;
}

/** Throws when something else fails than a promise, with the seed. */
export async function powerCuts(settings: CutsSettings): Promise<CutsResult> {
  const stage = createStage();
  let disk: CuttableDisk | undefined;
  try {
    disk = createCuttableDisk(stage.folder);
    return await cutRepeatedly(stage, disk, settings);
  } catch (error) {
    const { seed } = settings;
    throw new Error(`power cuts with seed ${seed} failed: ${String(error)}\n${stage.report()}`, {
      cause: error,
    });
  } finally {
    await stage.stopAll();
    disk?.remove();
    await stage.clear();
  }
}

async function cutRepeatedly(stage: Stage, disk: CuttableDisk, settings: CutsSettings): Promise<CutsResult> {
  const { cuts, seed, plant } = settings;
  const chance = chanceOf(seed);
  const [annPort, benPort] = [await freePort(), await freePort()];
  const args = (own: number, other: number): string[] => {
    const address = (port: number): string => `/ip4/127.0.0.1/tcp/${port}`;
    return ['--lan', 'off', '--listen', address(own), '--bootstrap', address(other)];
  };
  const ann = stage.home('ann');
  // Preloaded into the node: the product itself has no such switch.
  const env = plant ? { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'plant-no-sync.mjs')}` } : {};
  const ben = stage.home('ben', { data: () => join(disk.folder(), 'data'), env });
  const [fromAnn, fromBen] = [promiseOf(ann, ben), promiseOf(ben, ann)];
  const result = { cuts, confirmed: 0, lost: 0, twice: 0 };

  await ann.up(args(annPort, benPort));
  let benNode = await ben.up(args(benPort, annPort));
  await meetByOnceCard(ann, ben);
  for (let cut = 0; cut < cuts; cut += 1) {
    const writers = [write(await ann.connect(), fromAnn), write(await ben.connect(), fromBen)];
    const typed = sendByCommand(fromBen);
    await momentOfCut(writers[1]?.confirmedSoFar, chance);
    disk.freeze();
    // Promised by now. What is confirmed while we copy would be cut with the power, since nobody could read it.
    const promisedByBen = new Map(fromBen.confirmed);
    const gone = benNode.child.kill('SIGKILL');
    disk.copyAndThaw();
    await gone;
    for (const writer of writers) writer.stop();
    await Promise.all([...writers.map(({ stopped }) => stopped), typed]);
    disk.replace();
    benNode = await ben.up(args(benPort, annPort));
    // The planted fault may cost everything, even who they are.
    const isNewborn = plant && (await ben.list(['contacts'])).length === 0;
    const known = new Set(isNewborn ? [] : await wholeHistory(ben, 'ann', 'out'));
    result.lost += [...promisedByBen.values()].filter((text) => !known.has(text)).length;
    if (plant) return result;
  }
  for (const promised of [fromAnn, fromBen]) {
    await untilAllDelivered(promised);
    const account = await accountOf(promised);
    result.confirmed += account.confirmed;
    result.lost += account.lost.length;
    result.twice += account.twice.length + account.strange.length;
  }
  return result;
}

async function momentOfCut(
  confirmedSoFar: ((count: number) => Promise<void>) | undefined,
  chance: Chance,
): Promise<void> {
  await confirmedSoFar?.(20 + chance.below(120));
  await moment(chance.below(50));
}
