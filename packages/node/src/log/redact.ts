/**
 * What may stand in a log file that a person hands to somebody for help. The callers pass no secrets; this is the net
 * below them. It errs towards hiding: a harmless long word becomes `[key]`, too.
 */

/** Longest text kept of one field. */
export const fieldCharactersMax = 200;

// In this order: a link holds a card, which holds keys, which may hold digits that look like a number.
const rules: [RegExp, string][] = [
  [/\bmesh:[^\s"']*/gi, '[link]'],
  [/kith1[0-9a-z]{4,}/gi, '[person]'],
  // 32 bytes and more in groups of hex.
  [/(?:[0-9a-f]{2}[:\s-]){31,}[0-9a-f]{2}/gi, '[key]'],
  [/[0-9a-f]{32,}/gi, '[key]'],
  // 32 bytes are 43 characters of base64 and 52 of base32; shorter words of a sentence never are.
  [/[A-Za-z0-9+/_-]{43,}={0,2}/g, '[key]'],
  // 30 digits and more in groups: a safety number or a fingerprint.
  [/(?:\d{4,6}[ \-.]?){5,}/g, '[number]'],
  [/\b(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}\b/g, '[address]'],
  // Eight groups, or fewer around `::`. The loopback address stays.
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi, '[address]'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:)+:(?:[0-9a-f]{1,4}:?)*/gi, '[address]'],
];

/** A text with everything hidden that looks like a person, a link, a key, a number to compare or an address. */
export function redact(text: string): string {
  // Cut first, generously: the cost stays small whatever comes in. A cut key is hidden with its rest.
  let kept = text.slice(0, fieldCharactersMax * 8);
  for (const [pattern, replacement] of rules) kept = kept.replace(pattern, replacement);
  return kept.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').slice(0, fieldCharactersMax);
}
