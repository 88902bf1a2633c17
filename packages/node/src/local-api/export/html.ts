/**
 * An export as one HTML file that opens anywhere: no script, nothing loaded, everything that people wrote escaped and kept
 * apart by direction. Light and dark follow the reader's system.
 */
import type { Message, MessageState } from '@kith/api/shapes';
import type { ExportedConversation, ExportFrame, ExportWriter } from './pieces.ts';
import { htmlStyle } from './html-style.ts';
import { type HtmlWords, wordsFor } from './html-words.ts';

export function htmlWriter(frame: ExportFrame): ExportWriter {
  const words = wordsFor(frame.language);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = new Intl.DateTimeFormat(words.tag, { dateStyle: 'full', timeZone: zone });
  const moment = new Intl.DateTimeFormat(words.tag, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: zone,
  });
  const clock = new Intl.DateTimeFormat(words.tag, { timeStyle: 'short', timeZone: zone });
  let current: ExportedConversation | undefined;
  let lastDay = '';
  /** Then the title says whose it is. */
  let isOnly = false;
  const nameOf = (person: string): string =>
    person === frame.own.id ? frame.own.name : (current?.name ?? person);
  return {
    begin(conversations) {
      isOnly = conversations.length === 1;
      return head(frame, { words, conversations, zone, when: moment.format(frame.atWallMs) });
    },
    conversation(conversation) {
      current = conversation;
      lastDay = '';
      const name = isOnly ? '' : `<h2 dir="auto">${escapeHtml(conversation.name)}</h2>\n`;
      return `<section id="c-${escapeHtml(conversation.id)}">\n${name}`;
    },
    message(message) {
      const at = new Date(message.receivedAt ?? message.sentAt);
      const shownDay = day.format(at);
      const separator = shownDay === lastDay ? '' : `<h3><time>${escapeHtml(shownDay)}</time></h3>\n`;
      lastDay = shownDay;
      return separator + article(message, { words, nameOf, at, clock });
    },
    endConversation: () => '</section>\n',
    end: (messages) =>
      `<footer><p>${escapeHtml(words.end(messages))}</p></footer>\n</main>\n</body>\n</html>\n`,
  };
}

function head(
  { own }: ExportFrame,
  more: { words: HtmlWords; conversations: readonly ExportedConversation[]; zone: string; when: string },
): string {
  const { words, conversations, zone, when } = more;
  const [only] = conversations;
  const title = conversations.length === 1 && only !== undefined ? words.titleOne(only.name) : words.titleAll;
  const links = conversations.map(
    ({ id, name }) => `<li dir="auto"><a href="#c-${escapeHtml(id)}">${escapeHtml(name)}</a></li>\n`,
  );
  const contents = links.length > 1 ? `<nav><ul>\n${links.join('')}</ul></nav>\n` : '';
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header><h1 dir="auto">${escapeHtml(title)}</h1>
<p dir="auto">${escapeHtml(words.made(own.name, when, zone))}</p></header>
${contents}`;
}

function article(
  message: Message,
  more: {
    words: HtmlWords;
    nameOf: (person: string) => string;
    at: Date;
    clock: Intl.DateTimeFormat;
  },
): string {
  const { words, nameOf, at, clock } = more;
  const text = message.deleted
    ? `<p class="text gone">${escapeHtml(words.deleted)}</p>`
    : `<p class="text" dir="auto">${escapeHtml(message.text)}</p>`;
  return (
    `<article class="${message.direction}" id="m-${escapeHtml(message.id)}">` +
    `<p class="who"><b dir="auto">${escapeHtml(nameOf(message.from))}</b> ` +
    `<time datetime="${at.toISOString()}">${escapeHtml(clock.format(at))}</time></p>` +
    `${quote(message, words, nameOf)}${text}${reactions(message, nameOf)}${notes(message, words)}</article>\n`
  );
}

function quote({ replyTo }: Message, words: HtmlWords, nameOf: (person: string) => string): string {
  if (replyTo === null) return '';
  const { id, from, text } = replyTo;
  const said = text === null ? words.quoteMissing : text === '' ? words.deleted : text;
  const who = from === null ? '' : `<b dir="auto">${escapeHtml(nameOf(from))}</b> `;
  return `<blockquote><a href="#m-${escapeHtml(id)}">${who}<span dir="auto">${escapeHtml(said)}</span></a></blockquote>`;
}

function reactions(message: Message, nameOf: (person: string) => string): string {
  if (message.reactions.length === 0) return '';
  const shown = message.reactions.map(
    ({ emoji, people }) =>
      `<li>${escapeHtml(emoji)} <span dir="auto">${escapeHtml(people.map(nameOf).join(', '))}</span></li>`,
  );
  return `<ul class="reactions">${shown.join('')}</ul>`;
}

function notes(message: Message, words: HtmlWords): string {
  const state: MessageState = message.state;
  const parts = [
    message.editedAt === null ? '' : words.edited,
    message.direction === 'out' ? words.states[state] : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `<p class="notes">${escapeHtml(parts.join(' · '))}</p>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For texts and for attribute values in quotes alike. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? '');
}
