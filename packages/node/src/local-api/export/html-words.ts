/** The words of an exported HTML file, in the languages of the app. */
import type { MessageState } from '@kith/api/shapes';

export interface HtmlWords {
  /** Language tag of all of them. */
  tag: string;
  titleOne(name: string): string;
  titleAll: string;
  made(by: string, when: string, zone: string): string;
  end(messages: number): string;
  deleted: string;
  edited: string;
  quoteMissing: string;
  /** Of own messages; empty where there is nothing to say. */
  states: Record<MessageState, string>;
}

const english: HtmlWords = {
  tag: 'en',
  titleOne: (name) => `Conversation with ${name}`,
  titleAll: 'All conversations',
  made: (by, when, zone) => `Exported from Kith by ${by}, ${when}. Times are those of ${zone}.`,
  end: (messages) =>
    messages === 1 ? 'One message. This is the end.' : `${messages} messages. This is the end.`,
  deleted: 'This message was deleted.',
  edited: 'edited',
  quoteMissing: 'a message that was not on this device',
  states: {
    stored: 'not sent yet',
    sent: 'sent',
    delivered: 'delivered',
    read: 'read',
    expired: 'expired before it was delivered',
    failed: 'could not be delivered',
    received: '',
  },
};

const german: HtmlWords = {
  tag: 'de',
  titleOne: (name) => `Unterhaltung mit ${name}`,
  titleAll: 'Alle Unterhaltungen',
  made: (by, when, zone) => `Aus Kith exportiert von ${by}, ${when}. Zeiten nach ${zone}.`,
  end: (messages) =>
    messages === 1
      ? 'Eine Nachricht. Hier endet die Datei.'
      : `${messages} Nachrichten. Hier endet die Datei.`,
  deleted: 'Diese Nachricht wurde gelöscht.',
  edited: 'bearbeitet',
  quoteMissing: 'eine Nachricht, die nicht auf diesem Gerät war',
  states: {
    stored: 'noch nicht gesendet',
    sent: 'gesendet',
    delivered: 'zugestellt',
    read: 'gelesen',
    expired: 'vor der Zustellung abgelaufen',
    failed: 'nicht zustellbar',
    received: '',
  },
};

/** @param language - a language tag; what the app does not speak becomes English. */
export function wordsFor(language: string): HtmlWords {
  return /^de\b/iu.test(language) ? german : english;
}
