/** Where the reader was among the results when they opened one, for when they come back to it. The last time only. */
import type { SearchWish } from './search-query.ts';

export interface SearchPlace {
  wish: SearchWish;
  /** Id of the message that was opened. */
  opened: string;
  /** Of the first one in sight, and how far its top is below the top of what is seen. */
  first: number;
  topPx: number;
}

let kept: { entry: string; place: SearchPlace } | null = null;

/** @param entry - The key of the page in the history of the browser: another search is another page. */
export function leaveSearch(entry: string | undefined, place: SearchPlace): void {
  kept = entry === undefined ? null : { entry, place };
}

export function searchPlaceOf(entry: string | undefined): SearchPlace | null {
  return kept !== null && kept.entry === entry ? kept.place : null;
}
