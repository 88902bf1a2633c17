/**
 * Every label that separates one use of a primitive from another: `kith/<purpose>/<version>`.
 *
 * One purpose has one label and one label one purpose. A label is never reused for another layout: the layout
 * changed, the version rises. `labels.test.ts` refuses duplicates and a label written anywhere else in core.
 */
export const labels = {
  // identity (docs/protocol/identity.md)
  rootEntry: 'kith/root-entry/1',
  rootRecovery: 'kith/root-recovery/1',
  rootCommitment: 'kith/root-commitment/1',
  rootRotation: 'kith/root-rotation/1',
  personId: 'kith/person-id/1',
  deviceId: 'kith/device-id/1',
  deviceAdd: 'kith/device-add/1',
  devicePossession: 'kith/device-possession/1',
  deviceRevoke: 'kith/device-revoke/1',
  identityHead: 'kith/identity-head/1',
  safetyNumber: 'kith/safety-number/1',
  fingerprint: 'kith/fingerprint/1',
  compareCode: 'kith/compare-code/1',
  // card (docs/protocol/card.md)
  card: 'kith/card/1',
  link: 'kith/link/1',
  introduction: 'kith/introduction/1',
  tokenId: 'kith/token-id/1',
  intakeTag: 'kith/intake-tag/1',
  intakeEnvelope: 'kith/intake-envelope/1',
  intakeRecognition: 'kith/intake-recognition/1',
  pairRecognition: 'kith/pair-recognition/1',
  // vault (docs/protocol/storage-key.md)
  sealedRow: 'kith/sealed-row/1',
  storageKey: 'kith/storage-key/1',
  profileKey: 'kith/profile-key/1',
  // handshake (docs/protocol/handshake.md)
  bundle: 'kith/bundle/1',
  bundleHash: 'kith/bundle-hash/1',
  handshakeTranscript1: 'kith/hs-th1/1',
  handshakeKeys1: 'kith/hs-k1/1',
  handshakeTranscript2: 'kith/hs-th2/1',
  handshakeKeys2: 'kith/hs-k2/1',
  sessionId: 'kith/sid/1',
  oneTimePrekeyId: 'kith/one-time-prekey/1',
  ephemeralHash: 'kith/hs-ephemeral/1',
  // ratchet (docs/protocol/ratchet.md) and envelope (docs/protocol/envelope.md)
  ratchetRoot: 'kith/root/1',
  ratchetRootKem: 'kith/root-kem/1',
  ratchetChain: 'kith/chain/1',
  ratchetNonceKey: 'kith/nonce-key/1',
  mailbox: 'kith/mailbox/1',
  // meeting (docs/protocol/meeting.md)
  gate: 'kith/gate/1',
  // recognition of a neighbour (docs/protocol/links.md)
  recogniseEntry: 'kith/recognise-entry/1',
  recogniseConfirm: 'kith/recognise-confirm/1',
  recogniseConfirmed: 'kith/recognise-confirmed/1',
  // records of nodes (docs/protocol/peer-record.md)
  peerRecord: 'kith/peer-record/1',
  nodePlace: 'kith/node-place/1',
  // rendezvous in the key space (docs/protocol/rendezvous.md)
  rendezvousKeys: 'kith/rendezvous-keys/1',
  rendezvousPlace: 'kith/rendezvous-place/1',
  rendezvousValue: 'kith/rendezvous-value/1',
  presence: 'kith/presence/1',
  // broadcast (docs/protocol/frames.md)
  broadcast: 'kith/broadcast/1',
  // who follows a topic (docs/protocol/overlay.md)
  topicTag: 'kith/topic-tag/1',
  // conversation ids (docs/protocol/content.md)
  conversation: 'kith/conversation/1',
} as const;

export type Label = (typeof labels)[keyof typeof labels];
