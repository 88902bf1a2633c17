/**
 * What is loaded when it is first wanted, made so that a failure counts for one wish alone: libraries that remember what they load
 * remember that it failed as well.
 *
 * @param load - Asked at most once for each that is made.
 * @param make - What remembers; given the loading, to begin it when it likes.
 * @returns the one to be used now: the same one until it fails, and another after that.
 */
export function retried<Part, Made>(
  load: () => Promise<Part>,
  make: (attempt: () => Promise<Part>) => Made,
): () => Made {
  const begin = (): Made =>
    make(async () => {
      try {
        return await load();
      } catch (error) {
        current = begin();
        throw error;
      }
    });
  let current = begin();
  return () => current;
}
