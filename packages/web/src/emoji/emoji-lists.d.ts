/** Made at build time by build/emoji-lists.ts: the entries are those of emoji-search.ts. */
declare module 'virtual:emoji/en' {
  export const emojiList: readonly (readonly [string, string, string, number, (readonly string[])?])[];
}
declare module 'virtual:emoji/de' {
  export const emojiList: readonly (readonly [string, string, string, number, (readonly string[])?])[];
}
