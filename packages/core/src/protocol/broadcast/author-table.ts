/**
 * The authors of one topic. When there are too many, the one longest silent is forgotten but for its newest sequence,
 * so that nothing is received twice; a forgotten one that speaks again floods its first message, as a new one does.
 *
 * Nobody is unknown before `rememberMs` after the last that came of it: what nobody remembers would go round for ever.
 * When all room is taken by such authors, another one is not heard.
 */
import { bytesEqual } from '../../base/bytes.ts';
import { Author } from './author.ts';
import type { BroadcastConfig } from './config.ts';

export class AuthorTable {
  #config: BroadcastConfig;
  #authors = new Map<string, Author>(); // Longest silent first.
  #forgotten = new Map<string, Forgotten>(); // Longest silent first.

  constructor(config: BroadcastConfig) {
    this.#config = config;
  }

  get size(): number {
    return this.#authors.size;
  }

  values(): IterableIterator<Author> {
    return this.#authors.values();
  }

  byName(name: string): Author | undefined {
    return this.#authors.get(name);
  }

  get forgotten(): number {
    return this.#forgotten.size;
  }

  /** Whether all of the author's messages up to this one count as seen, though nothing else is known of it. */
  wasForgotten(name: string, sequence: number): boolean {
    return sequence <= (this.#forgotten.get(name)?.newest ?? 0);
  }

  /** Whether a message of this author came before, and is remembered with all else of it. */
  knows(author: Author): boolean {
    return this.#authors.has(author.name);
  }

  /** Whether this author is known, or may become so without another being unknown too soon. */
  hears(name: string, nowMs: number): boolean {
    const { authorsMax, forgottenMax, rememberMs } = this.#config;
    if (this.#authors.size + this.#forgotten.size < authorsMax + forgottenMax) return true;
    if (this.#authors.has(name) || this.#forgotten.has(name)) return true;
    for (const { heardMs } of this.#forgotten.values()) return nowMs - heardMs >= rememberMs;
    return true;
  }

  /**
   * The neighbours, as bits, over which messages of the authors heard last go: where nobody's go, those of one that is new
   * hardly would. All bits where too few were heard to tell.
   */
  carriers(): number {
    const { sharedTreesMin, sharedTreesMax } = this.#config;
    let carriers = 0;
    let trees = 0;
    for (const author of [...this.#authors.values()].toReversed()) {
      if (!author.settled) continue;
      carriers |= author.carriers();
      if (++trees >= sharedTreesMax) break;
    }
    return trees < sharedTreesMin ? -1 : carriers;
  }

  /**
   * The author with this key, made anew where it is not known. Undefined where another has the same handle: making such
   * a key takes 2^64 tries, and the first to come stays.
   */
  take(key: Uint8Array, name: string, nowMs: number): Author | undefined {
    let author = this.#authors.get(name);
    if (author === undefined) {
      author = new Author(key, this.#config, nowMs);
      author.remember(this.#forgotten.get(name)?.newest ?? 0);
      this.#forgotten.delete(name);
    } else if (!bytesEqual(author.key, key)) return undefined;
    return author;
  }

  /** An authentic message of this author came: it is known from now on, and the one heard last. */
  heard(author: Author, nowMs: number): void {
    author.heardMs = nowMs;
    this.#authors.delete(author.name);
    this.#authors.set(author.name, author);
    if (this.#authors.size <= this.#config.authorsMax) return;
    for (const silent of this.#authors.values()) {
      this.#authors.delete(silent.name);
      this.#forgotten.set(silent.name, { newest: silent.newest, heardMs: silent.heardMs });
      break;
    }
    if (this.#forgotten.size <= this.#config.forgottenMax) return;
    for (const name of this.#forgotten.keys()) {
      this.#forgotten.delete(name);
      break;
    }
  }
}

interface Forgotten {
  newest: number;
  heardMs: number;
}
