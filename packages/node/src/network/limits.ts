/** Every bound of the network adapter in one table. Times in milliseconds, sizes in bytes. */

/** The protocol of a link. Its major version is part of the name: another major negotiates nothing. */
export const linkProtocol = '/kith/1.0.0';
/** Answers with the majors a node speaks, so that a refusal can say why. Never changes. */
export const majorsProtocol = '/kith/majors';
export const protocolMajor = 1;

/** A frame carries 1 to 65,536 bytes; the four bytes of its length come on top. */
export const frameBytesMax = 65_536;
export const lengthBytes = 4;

export const outgoingLimits: Record<'control' | 'message' | 'bulk', { bytesMax: number; framesMax: number }> =
  {
    // Acknowledgements, pings and gossip digests: small, and lost ones cost a retry.
    control: { bytesMax: 512 * 1024, framesMax: 2_048 },
    // A window of 512 messages of the largest padding class fits the bytes, of the smallest the frames.
    message: { bytesMax: 16 * 1024 * 1024, framesMax: 4_096 },
    // Files and history: the sender waits for `flushed` and keeps the pipe filled with this much.
    bulk: { bytesMax: 4 * 1024 * 1024, framesMax: 256 },
  };

/** Small frames are joined into writes of at most this. One Noise message holds 65,519 bytes. */
export const batchBytesMax = 65_519;

/** A guess: a neighbour that takes no byte for so long is gone or hostile. */
export const drainMsMax = 30_000;
/** A frame must be complete this long after its first byte (64 KB at 4 KB/s). */
export const frameMsMax = 16_000;
/** A clean close may take this long; then the connection is cut. */
export const closeMsMax = 1_000;
/** A stream opened to us must show its greeting within this. */
export const greetingMsMax = 5_000;
/** Our greeting must be answered within this: the other side may wait for the answer to one of its own. */
export const answerMsMax = 8_000;
/** A connection that opened no link stream is closed after this. */
export const strayMsMax = 10_000;
/** From the first byte of an incoming connection until Noise and Yamux stand. */
export const upgradeMsMax = 5_000;

/** Architecture: at most 64 links. Which of them stay the Peer decides, who knows contacts from strangers. */
export const linksMax = 64;
/** Links that get as far as the Peer: whoever is refused before it, a contact among strangers too, finds no place. */
export const linksJudgedMax = 88; // linksMax, 16 for questions of ours, which stand beside, and 8.
/** The slack is for connections that are not links yet. */
export const connectionsMax: number = linksJudgedMax + 8;
/** Connections a second from one address; libp2p refuses more. Twenty devices may share a NAT. */
export const inboundPerSecondMax = 20;
/** Connections that have not finished their handshake: of all, and of one address. */
export const inboundPendingMax = 64;
export const inboundPendingPerHostMax = 8;
/** Sockets that others opened to us, in any state, over all listeners. */
export const inboundSocketsMax = 128;
/** Of them on which no connection stands yet, from one address: else one machine takes up all. */
export const inboundSocketsPerHostMax = 24;
/** A WebSocket message carries one Noise message; several may be joined by other implementations. */
export const webSocketMessageBytesMax: number = 1024 * 1024;

/** What one link may make us read. Beyond it the stream is paused, never dropped. */
export const inboundFramesPerSecondMax = 250_000;
export const inboundFramesBurstMax = 100_000;
export const inboundBytesPerSecondMax: number = 64 * 1024 * 1024;
export const inboundBytesBurstMax: number = 16 * 1024 * 1024;

export const addressesMax = 8;
export const dialsMax = 64;
/** One address of a dial; several are tried in turn within the whole. */
export const addressDialMsMax = 5_000;
export const dialMsMax = 20_000;
/** A second without traffic is normal; TCP's own give-up takes a quarter of an hour. The Peer's pings rule. */
export const socketIdleMsMax = 300_000;

export const contactedMax = 1_000;
/** Nodes of the LAN whose dials are remembered for `kith doctor`. */
export const troublePeersMax = 256;
export const majorsMsMax = 2_000;
/** How often frames that dribble in are looked at. */
export const slowCheckMs = 4_000;
