/** What `kith up` was asked for. The command line fills it in, the node reads it. */
export interface UpOptions {
  /** Absolute path of the profile's folder. Created (mode 0700) where it is missing. */
  data: string;
  /** The person's name; undefined keeps the present one. */
  name: string | undefined;
  /** No browser is opened and nothing is asked. */
  headless: boolean;
  /** Port of the loopback URL, 1 to 65535; undefined lets the system choose. */
  port: number | undefined;
  /** Multiaddrs to listen on; empty uses the defaults. */
  listen: string[];
  /**
   * `only`: dials and accepts private, link-local and loopback addresses alone. Undefined: as the settings say, which is
   * `on` until somebody chose.
   */
  lan: 'on' | 'off' | 'only' | undefined;
  /** Multiaddrs of nodes to dial at the start. */
  bootstrap: string[];
  /** Publishes no record: other nodes do not tell each other of this one. */
  unlisted: boolean;
  /** How long a record of this node, and any it keeps, lives: 60,000 to 7,200,000; undefined: the default. */
  recordTtlMs: number | undefined;
  /** How many nodes pass a record on, 0 to 255; undefined: the default. */
  hopLimit: number | undefined;
  /** Print JSON lines on stdout, the first being the `ready` event. */
  json: boolean;
}
