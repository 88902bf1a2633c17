/** Why an address is contacted, by a name that never changes; each has its sentence for people who ask. */
export const dialReasons = {
  lan: 'found on the local network',
  asking: 'mDNS: asking who is on this network',
  bootstrap: 'given with --bootstrap',
  contact: 'where a contact was last, or says to be',
  card: 'where the owner of a card was, or says to be',
  known: 'a node that we knew, before the restart or since',
  topic: 'named by who told us of a topic',
  neighbour: 'a node of the network, to be a neighbour',
  test: 'a node of the network, to see whether it answers',
  mix: 'a node of the network, to exchange records',
  lost: 'a former neighbour, to see whether it is back',
  question: 'a node of the network, to ask where somebody is',
} as const;

export type DialReason = keyof typeof dialReasons;
