/**
 * What a part of the long run is. Each stands in `test/long/NAME.ts` and exports itself as `part`; `npm run test:long`
 * runs them all, `npm run test:long -- NAME…` some.
 *
 * A part is cut into steps that stand alone: after an interruption the run goes on at the next step, and a failure can
 * be repeated by its number.
 */
export interface LongPart {
  /** One line: what is shown when every step passes. */
  about: string;
  /** 1 to 10,000. Best a few seconds to two minutes each. */
  steps: number;
  /** @returns why this machine cannot run the part, or undefined when it can */
  unable?: () => string | undefined;
  /**
   * Throws when what is tested fails, with everything needed to repeat it (the seed). Cleans up after itself either way.
   *
   * @param index 0 to `steps` - 1; the same index repeats the same step, as far as the machine allows
   * @returns what to count; summed over the steps and shown: `{ confirmed: 37, lost: 0, twice: 0 }`
   */
  step: (index: number) => Promise<Record<string, number>>;
}
