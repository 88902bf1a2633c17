/**
 * The emoji lists of the app: `virtual:emoji/en` and `virtual:emoji/de`, made from emojibase's data at build time. A quarter of the
 * data's size, and one list serves the picker, the completion and the names of reactions.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

interface Compact {
  hexcode: string;
  unicode: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  skins?: { unicode: string; hexcode: string }[];
}

const prefix = 'virtual:emoji/';
/** Parts of other emoji (skin tones, hair), which nobody wants alone. */
const componentGroup = 2;
const tones = ['1F3FB', '1F3FC', '1F3FD', '1F3FE', '1F3FF'];

export function emojiLists(): Plugin {
  return {
    name: 'kith-emoji-lists',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load: (id) => {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const list = emojiList(id.slice(prefix.length + 1));
      // A string that is parsed is read faster than a literal of that size.
      return `export const emojiList = JSON.parse(${JSON.stringify(JSON.stringify(list))});`;
    },
  };
}

/** @param language - `en` or `de`. English words and shortcodes find an emoji in every language. */
function emojiList(language: string): unknown[] {
  const codes = read<Record<string, string | string[]>>('en/shortcodes/github');
  const english = new Map(read<Compact[]>('en/compact').map((emoji) => [emoji.unicode, emoji]));
  return read<Compact[]>(`${language}/compact`)
    .filter(({ group, order }) => group !== undefined && group !== componentGroup && order !== undefined)
    .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .map(({ hexcode, unicode, label, tags = [], group, skins }) => {
      const more =
        language === 'en' ? [] : [english.get(unicode)?.label ?? '', ...(english.get(unicode)?.tags ?? [])];
      const shortcodes = [codes[hexcode] ?? []].flat().map((code) => `:${code}:`);
      const words = [
        ...new Set([...shortcodes, ...tags, ...more].flatMap((tag) => tag.toLowerCase().split(' '))),
      ].join(' ');
      const toned =
        skins === undefined
          ? []
          : tones.map((tone) => skins.find((skin) => isOnly(skin.hexcode, tone))?.unicode);
      return toned.length > 0 && toned.every((sign) => sign !== undefined)
        ? [unicode, label, words, group, toned]
        : [unicode, label, words, group];
    });
}

/** Everybody in it has that tone. */
function isOnly(hexcode: string, tone: string): boolean {
  return hexcode.split('-').every((code) => !tones.includes(code) || code === tone);
}

function read<Data>(file: string): Data {
  const path = createRequire(import.meta.url).resolve(`emojibase-data/${file}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Data;
}
