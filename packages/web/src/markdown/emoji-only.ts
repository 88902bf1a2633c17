/** Messages of a few emoji and nothing else are shown larger. */

/** Every sign that an emoji may be made of. Nearly every text ends here: the next pattern takes 30 ms when it is first used. */
const signs = /^[\s\p{Emoji}\p{Emoji_Component}]+$/u;
/** A digit is such a sign, and in no emoji alone. */
const picture = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;
const emoji = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;
/** No six emoji are longer, in UTF-16 units, than that. A guess: families of four with skin tones have 25. */
const lengthMax = 200;

export function isEmojiOnly(text: string): boolean {
  if (text.length > lengthMax || !signs.test(text) || !picture.test(text)) return false;
  return emoji.test(text.trim());
}
