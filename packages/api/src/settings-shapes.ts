/** The JSON objects of settings, storage, lock and signed-in browsers. Schemas: settings-schemas.ts. */

/** How many hues there are to choose from, for a person and for the accent of the app. */
export const huesCount = 12;

/** Choices of this profile, kept by the node, the same in all its windows. */
export interface Settings {
  /** `system`: the browser's, where the app speaks it, else English. */
  language: 'system' | 'en' | 'de';
  theme: 'system' | 'light' | 'dark';
  /** A hue, 0 to `huesCount` - 1; null: the app's own. */
  accent: number | null;
  density: 'comfortable' | 'compact';
  motion: 'system' | 'reduced';
  /** Notifications at all; of what they show see `notificationContent`. */
  notifications: boolean;
  notificationContent: 'full' | 'name' | 'none';
  notificationSound: boolean;
  /** Tell contacts which of their messages were read, and be told. */
  readMarks: boolean;
  /** Tell contacts that we type, and be told. */
  typingSigns: boolean;
  /** Be offered by name, unverified, to people on the same local network. */
  lanVisible: boolean;
  /** What the node dials and accepts. Takes effect at once. */
  lan: 'on' | 'off' | 'only';
  /** Messages older than this go from this device, in days; null keeps them. */
  keepDays: number | null;
  /** Minutes without a touch until the app locks itself; null: never. Only where a PIN is set. */
  lockAfterMinutes: number | null;
  /** Whether a PIN is set. Not to be set here: see `lock`. */
  hasPin: boolean;
  /** The first steps were gone through. */
  welcomed: boolean;
}

/** What is left out stays. */
export type SettingsInput = { [Key in Exclude<keyof Settings, 'hasPin'>]?: Settings[Key] | undefined };

export interface StorageUse {
  /** Of the database and its log. */
  databaseBytes: number;
  /** Free on that disk; null where the system does not tell. */
  freeBytes: number | null;
  messages: number;
  conversations: number;
  /** When the oldest message came; null where there is none. */
  oldestAt: string | null;
}

/** A browser that was let in. It stays signed in over restarts until it is signed out or not seen for 30 days. */
export interface Browser {
  id: string;
  /** What it says it is, for people. */
  name: string;
  signedInAt: string;
  lastSeenAt: string;
  /** The one that asks. */
  current: boolean;
}

export interface BrowserInput {
  id: string;
}

export interface PinInput {
  /** 4 to 64 characters; null: no PIN any more. */
  pin: string | null;
  /** The present PIN; needed where one is set. */
  current?: string | undefined;
}

export interface UnlockInput {
  pin: string;
}

/** Somebody on the same local network who chose to be visible. Name and card are claims. */
export interface Nearby {
  /** Person id. */
  id: string;
  name: string;
  hue: number | null;
  /** For `contacts.add`. */
  card: string;
}

/** How far the first contact with somebody has come. */
export interface Reach {
  /**
   * `looking`: no address of theirs is known yet. `dialling`: addresses are tried. `linked`: a node answered and proves who
   * it is. `asked`: they have our request and did not answer yet. `connected`: both have let each other in.
   */
  step: 'looking' | 'dialling' | 'linked' | 'asked' | 'connected';
  /** Addresses known at present. */
  addresses: number;
  /** Attempts that failed since the contact was added or the node started. */
  failures: number;
  /**
   * Why it has not come further, as far as can be told. `offline-here`: this node has no link to anybody. `no-address`: nobody
   * here knows where they are. `no-answer`, `refused`, `unreachable`, `not-kith`: how the last attempt ended. `somebody-else`: a
   * node answered that is not theirs. `lan-only`: their addresses are beyond the local network and this node may not go there.
   */
  cause:
    | 'offline-here'
    | 'no-address'
    | 'no-answer'
    | 'refused'
    | 'unreachable'
    | 'not-kith'
    | 'somebody-else'
    | 'lan-only'
    | null;
}

/** What a card says, before it is added. */
export interface CardPreview {
  /** Person id. */
  id: string;
  fingerprint: string;
  expiresAt: string;
  /** Connects at once: it holds a one-time token. */
  once: boolean;
  /** How many addresses it names. */
  addresses: number;
  /** Our name for them, where they are a contact already. */
  contact: string | null;
}

export interface PreviewInput {
  card: string;
}

export interface LookInput {
  /** A hue, 0 to `huesCount` - 1; null: the one that follows from the id. */
  hue: number | null;
}
