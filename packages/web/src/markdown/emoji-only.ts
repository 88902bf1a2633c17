/** Messages of a few emoji and nothing else are shown larger. */

const emoji = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;
/** No six emoji are longer, in UTF-16 units, than that. A guess: families of four with skin tones have 25. */
const lengthMax = 200;

export function isEmojiOnly(text: string): boolean {
  return text.length <= lengthMax && emoji.test(text.trim());
}
