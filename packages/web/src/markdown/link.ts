/**
 * Links in what people write. A stranger may write anything: so only these schemes lead anywhere, a link shows where it leads, and a
 * host with letters outside ASCII is shown as the network spells it, since `аpple.com` with a Cyrillic а looks like another.
 *
 * Nothing is ever fetched for a link.
 */

export interface Link {
  href: string;
  /** What was written. */
  text: string;
  /** Where it leads, where the text does not say so itself. */
  host: string | null;
  /** The host is not spelled with plain letters: `host` has the spelling of the network. */
  isUnusual: boolean;
  /** `mesh:` links are the app's own. */
  scheme: 'web' | 'mail' | 'mesh';
  /** A card without a text of its own: thousands of characters that say nothing, in whose place a word stands. */
  isBareCard: boolean;
}

const linkLengthMax = 2_048;
/** As core/crypto/card has it. */
export const cardLengthMax = 8_192;

// Invisible and direction-changing characters end an address: they would show it as another. All but plain letters, numbers,
// marks, punctuation and symbols are kept out by their category; the others are named.
const invisible = String.raw`\s\p{C}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\uffff`;
const address = new RegExp(String.raw`(?:https?:\/\/|mailto:|mesh:\/\/)[^<>"\x60{}\\^${invisible}]+`, 'iuy');
/** No other address begins within it, so that many of them cost no more than they weigh. */
const card = /mesh:\/\/add\?[\w%=&.~-]+/iy;
const hidden = new RegExp(`[${invisible}]`, 'u');

/** The link that begins here, without the punctuation of the sentence around it. */
export function linkAt(text: string, at: number): { link: Link; end: number } | null {
  const written = read(card, text, at, cardLengthMax) ?? read(address, text, at, linkLengthMax);
  if (written === null) return null;
  const trimmed = withoutPunctuation(written);
  const link = linkOf(trimmed);
  return link === null ? null : { link, end: at + trimmed.length };
}

function read(pattern: RegExp, text: string, at: number, lengthMax: number): string | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text.slice(0, at + lengthMax + 1))?.[0] ?? null;
  return found === null || found.length > lengthMax ? null : found;
}

/** `text`: what stands for it, where that is not the address itself. */
export function linkOf(written: string, text: string = written): Link | null {
  const isCard = /^mesh:\/\/add\?/i.test(written);
  if (written.length > (isCard ? cardLengthMax : linkLengthMax) || hidden.test(written)) return null;
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null) return null;
  switch (url.protocol) {
    case 'http:':
    case 'https:': {
      // `https://bank.example@evil.example/` leads to the second.
      if (url.username !== '' || url.password !== '' || url.hostname === '') return null;
      const isUnusual = /(?:^|\.)xn--/.test(url.hostname);
      const isPlain = text === written && !isUnusual && spellsHost(written, url);
      return {
        href: url.href,
        text,
        host: isPlain ? null : url.host,
        isUnusual,
        scheme: 'web',
        isBareCard: false,
      };
    }
    case 'mailto:': {
      const person = url.pathname;
      // Only the address: subject and body could be put into somebody's mouth.
      if (!/^[^\s@?&]+@[^\s@?&]+$/.test(person)) return null;
      return {
        href: `mailto:${person}`,
        text,
        host: text === written ? null : person,
        isUnusual: false,
        scheme: 'mail',
        isBareCard: false,
      };
    }
    case 'mesh:':
      if (!/^mesh:\/\/(?:add|join)\?/i.test(written)) return null;
      return {
        // As it was written: in a card of capitals one small letter is damage.
        href: written,
        text,
        host: text === written ? null : 'mesh://',
        isUnusual: false,
        scheme: 'mesh',
        isBareCard: isCard && text === written,
      };
    default:
      return null;
  }
}

/**
 * Whether the address says itself where it leads. Browsers read more than people do: `http://2130706433`, `https://bank。example` and
 * `https:evil.example` lead to hosts that are not spelled like that.
 */
function spellsHost(written: string, { protocol, host }: URL): boolean {
  const start = `${protocol}//${host}`;
  const rest = written.slice(start.length);
  return written.slice(0, start.length).toLowerCase() === start && /^(?:$|[/?#]|:\d+(?:$|[/?#]))/.test(rest);
}

function withoutPunctuation(written: string): string {
  let end = written.length;
  let closing = count(written, ')') - count(written, '(');
  while (end > 0) {
    const last = written.charAt(end - 1);
    if (last === ')' && closing > 0) closing -= 1;
    else if (!/[.,:;!?'*_~|\]…。，、»”’]/u.test(last)) break;
    end -= 1;
  }
  return written.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
