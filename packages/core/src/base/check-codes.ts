/**
 * Everything that `kith doctor` can say, by a name that never changes, with the values that fill its sentence. The web app has
 * sentences of its own, in each language, by these names.
 */
interface Nothing {}

export interface CheckValues {
  'memory.locked': Nothing;
  /** `reason`: the system's own words. */
  'memory.swap': { reason: string };
  'memory.overflow': { bytes: number };
  'copy.same': Nothing;
  'copy.restored': Nothing;
  'recovery.kept': Nothing;
  'recovery.written': Nothing;
  'outlook.connected': Nothing;
  'outlook.merging': Nothing;
  'outlook.local-only': Nothing;
  'outlook.alone': Nothing;
  'outlook.probably-cut-off': Nothing;
  /** Nodes in the two views of the overlay. */
  'views.filled': { active: number; reserve: number };
  'views.idle': { active: number; reserve: number };
  'record.unlisted': Nothing;
  'record.none': Nothing;
  'record.listed': { minutes: number; hops: number };
  'anchors.none': Nothing;
  'anchors.some': { count: number };
  'keychain.system': Nothing;
  'keychain.file': { path: string };
  /** `reason`: the system's own words. */
  'keychain-behind': { reason: string };
  /** `port`: 0 where it is not known. */
  'lan-silent': { heard: number; port: number };
  'other-version': { theirs: string; ours: number };
  'mdns-port': { interface: string };
  'mdns-failed': { interface: string; code: string };
}

export type CheckCode = keyof CheckValues;

/** What was found, to be said in any language. */
export type CheckFound = { [Code in CheckCode]: { code: Code; values: CheckValues[Code] } }[CheckCode];

/** Those about which something can be done. */
export type FixCode =
  | 'memory.swap'
  | 'memory.overflow'
  | 'copy.restored'
  | 'recovery.kept'
  | 'outlook.local-only'
  | 'outlook.alone'
  | 'outlook.probably-cut-off'
  | 'views.idle'
  | 'record.none'
  | 'keychain-behind'
  | 'lan-silent'
  | 'other-version'
  | 'mdns-port'
  | 'mdns-failed';
