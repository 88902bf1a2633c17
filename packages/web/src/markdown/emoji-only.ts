/** Messages of a few emoji and nothing else are shown larger. */

// By their form (UTS 51, ED-14 to ED-17), as pictures rather than as signs of a text. The list of all emoji, `\p{RGI_Emoji}`, would
// do it too, but takes 30 ms when it is first used.
const tags = String.raw`[\u{e0020}-\u{e007e}]+\u{e007f}`;
const picture = String.raw`(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|(?!\p{Regional_Indicator})\p{Emoji_Presentation}\ufe0f?|\p{Extended_Pictographic}\ufe0f)(?:${tags})?`;
const one = String.raw`(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f\u20e3|${picture}(?:\u200d${picture})*)`;
const emoji = new RegExp(String.raw`^(?:${one}\s*){1,6}$`, 'u');
/** No six emoji are longer, in UTF-16 units, than that. A guess: families of four with skin tones have 25. */
const lengthMax = 200;

export function isEmojiOnly(text: string): boolean {
  return text.length <= lengthMax && emoji.test(text.trim());
}
