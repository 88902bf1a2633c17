/** The index of words falls behind on purpose where very much is changed at once. */
export const wordsDue: string = `
-- What the index of words says of a message that says something else by now, or is gone.
CREATE TABLE words_due (position INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
`;
