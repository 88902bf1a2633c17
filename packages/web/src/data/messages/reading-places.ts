/** Where the reader was in the conversations that were left lately. As long as the page lives, and nowhere else. */

export interface Place {
  /** Of the first message in sight. */
  id: string;
  /** How far its top is below the top of what is seen; below zero where it is above. */
  topPx: number;
}

/** Beyond it the one left longest ago begins at its end. A guess. */
export const placesMax = 100;

export class ReadingPlaces {
  /** The one left last stands last. */
  readonly #places = new Map<string, Place>();

  /** @param place - Null: at the end. */
  leave(conversation: string, place: Place | null): void {
    this.#places.delete(conversation);
    if (place !== null) this.#places.set(conversation, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > placesMax && oldest !== undefined) this.#places.delete(oldest);
  }

  of(conversation: string): Place | null {
    return this.#places.get(conversation) ?? null;
  }
}
