/**
 * What the person chose and the node has not answered yet. It stands over what the node tells, so that the answer to one choice does not
 * take back the next; and an answer, or a refusal, says something of what it is about alone.
 */
import type { Settings } from '@kith/api/settings-shapes';

/** Under way, in their order. */
let chosen: readonly Partial<Settings>[] = [];
/** What the node has, as far as it told; of use while something is under way. */
let told: Settings | undefined;

function withChosen(settings: Settings): Settings {
  return chosen.reduce<Settings>((all, changes) => ({ ...all, ...changes }), settings);
}

/** @returns what is shown where the node says that it has these. */
export function overTold(settings: Settings): Settings {
  told = settings;
  return withChosen(settings);
}

/**
 * @param shown - Undefined while the settings are not known: nothing is made up then, also not that there is no PIN.
 * @returns what is shown from now on.
 */
export function choose(changes: Partial<Settings>, shown: Settings | undefined): Settings | undefined {
  if (chosen.length === 0) told = shown;
  chosen = [...chosen, changes];
  return shown && withChosen(shown);
}

/**
 * @param changes - As they were chosen.
 * @param answer - Undefined where they were refused.
 * @returns what is shown from now on.
 */
export function settle(
  changes: Partial<Settings>,
  shown: Settings | undefined,
  answer?: Settings,
): Settings | undefined {
  chosen = chosen.filter((each) => each !== changes);
  // Answers may pass each other on their way: of the rest, a later one may have told something newer.
  if (answer !== undefined) told = { ...(told ?? answer), ...only(changes, answer) };
  const before = shown ?? told;
  return before && withChosen({ ...before, ...only(changes, told) });
}

function only(changes: Partial<Settings>, settings: Settings | undefined): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => key in changes));
}
