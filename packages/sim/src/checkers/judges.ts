/** All checkers of a world together, as most scenarios want them. */
import type { World } from '../world/world.ts';
import { Bounds } from './bounds.ts';
import { expectKinds } from './coverage.ts';
import { HostileBytes, JunkFrames } from './hostile-bytes.ts';
import { MessageFate } from './message-fate.ts';
import { People } from './people.ts';
import { Silence } from './silence.ts';
import { TopicSets } from './topic-sets.ts';

const boundsEveryMs = 60_000;

export class Judges {
  readonly people: People;
  readonly fate: MessageFate;
  readonly silence: Silence;
  readonly topics: TopicSets;
  readonly bounds: Bounds;
  readonly junk: JunkFrames = new JunkFrames();
  readonly bytes: HostileBytes;
  readonly #world: World;

  /** Before any node is added. */
  constructor(world: World) {
    this.#world = world;
    this.people = new People(world);
    this.fate = new MessageFate(world, this.people);
    this.silence = new Silence(world, this.people);
    this.topics = new TopicSets(world);
    this.bounds = new Bounds(world);
    this.bounds.watch(boundsEveryMs);
    this.bytes = new HostileBytes(world, this.junk);
  }

  /** What must hold at the end, after everything had its time. @param kinds - what must have occurred. */
  finish(kinds: readonly string[]): void {
    this.bounds.check();
    this.fate.finish();
    this.topics.finish();
    expectKinds(this.#world, kinds);
  }
}
