/** Shapes of vectors/envelope.json, vectors/ratchet.json and vectors/handshake.json. All bytes are hex. */
export interface EnvelopeVectors {
  about: string;
  EX: string;
  cases: {
    direction: number;
    week: number;
    tag: string;
    key: string;
    nonceKey: string;
    frame: string;
    envelope: string;
  }[];
}

type Side = 'initiator' | 'responder';

export type RatchetStep =
  | {
      do: 'seal';
      by: Side;
      draws: string[];
      /** The step draws KEM entropy: a backend that draws its own cannot repeat it. */
      encapsulates: boolean;
      content: string;
      week: number;
      nowMs: number;
      envelope: string;
      state: string;
    }
  | {
      do: 'open';
      by: Side;
      envelope: string;
      week: number;
      content?: string;
      failed?: 'envelope' | 'old' | 'gap' | 'forged';
      state: string;
    };

export interface RatchetVectors {
  about: string;
  conversations: {
    name: string;
    start: {
      th2: string;
      RK: string;
      EX: string;
      spkSecret: string;
      sid: string;
      initiatorState: string;
      responderState: string;
    };
    steps: RatchetStep[];
  }[];
}

interface Party {
  person: string;
  device: string;
  identity: string;
  signingSeed: string;
  agreementSecret: string;
}

export interface HandshakeVectors {
  about: string;
  initiator: Party;
  responder: Party;
  bundle: {
    bytes: string;
    seq: number;
    notAfterWallMs: number;
    difficulty: number;
    spkSecret: string;
    kemSeed: string;
  };
  oneTimePrekey: { id: string; publicKey: string; secret: string };
  cases: {
    once: boolean;
    draws: string[];
    content: string;
    th1: string;
    k1: string;
    c1: string;
    th2: string;
    k2: string;
    sid: string;
    message1: string;
    initiatorState: string;
  }[];
}
