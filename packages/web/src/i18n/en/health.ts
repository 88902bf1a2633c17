/** What the node checks of itself, what helps, and why an address was contacted. By the codes of the API. */
export const health = {
  'check.memory.locked': 'Keys in use stay out of the swap space.',
  'check.memory.swap': 'Keys in use could be written to the swap space: {reason}',
  'check.memory.overflow': '{bytes} bytes of keys did not fit the locked memory.',
  'check.copy.same': 'The database and the keychain belong together.',
  'check.copy.restored':
    'The database is another copy than the one last used. The encryption with everybody was set up anew.',
  'check.recovery.kept': 'The keys of this person exist in this profile alone.',
  'check.recovery.written': 'The recovery words were written down.',
  'check.outlook.connected': 'You are connected to others.',
  'check.outlook.merging': 'Parts of the network that were apart are coming together again.',
  'check.outlook.local-only': 'Only nodes on this local network can be reached.',
  'check.outlook.alone': 'No other node is reachable yet.',
  'check.outlook.probably-cut-off': 'You are probably cut off from the others.',
  'check.views.filled':
    '{active, plural, one {# node is your neighbour} other {# nodes are your neighbours}}, {reserve, plural, one {# is in reserve} other {# are in reserve}}.',
  'check.views.idle':
    '{active, plural, one {# node is your neighbour} other {# nodes are your neighbours}}, {reserve, plural, one {# is in reserve} other {# are in reserve}}.',
  'check.record.unlisted': 'This node asks others not to pass on where it is.',
  'check.record.none': 'There is no address at which others could dial this node.',
  'check.record.listed':
    'Other nodes may pass on where this one is: for {minutes} minutes, over {hops} nodes at most.',
  'check.anchors.none': 'No neighbour is remembered for the next start yet.',
  'check.anchors.some':
    '{count, plural, one {# neighbour is remembered} other {# neighbours are remembered}} for the next start.',
  'check.keychain.system': 'The keys of this profile are in the keychain of the system.',
  'check.keychain.file':
    'The keys of this profile are in a file, {path}, not in a keychain. Whoever can read your files, or a copy of them, can read everything in this profile.',
  'check.keychain-behind':
    'The new storage key could not be kept: {reason}. Old keys stay readable until it is.',
  'check.lan-silent':
    '{heard, plural, one {# node was heard} other {# nodes were heard}} on the local network, but none answered on port {port}. A firewall may be in the way.',
  'check.other-version': 'A node nearby speaks Kith {theirs}; this one speaks Kith {ours}.',
  'check.mdns-port': 'Another program keeps UDP port 5353 to itself, so nobody is found on {interface}.',
  'check.mdns-failed': 'Nobody is found on {interface}: asking does not work there ({code}).',

  'check.fix.memory.swap': 'Raise the limit of locked memory (ulimit -l), or switch swap off.',
  'check.fix.memory.overflow': 'Nothing is lost. Fewer conversations at once need less.',
  'check.fix.copy.restored': 'Keep using one copy only. What arrived after the copy is missing here.',
  'check.fix.recovery.kept':
    'A copy of the whole profile folder brings you back, if the original is never used again.',
  'check.fix.outlook.local-only': 'Nothing, if that is meant. Else see that this machine is online.',
  'check.fix.outlook.alone':
    'Start Kith on another device of this network, or exchange cards with somebody who is online.',
  'check.fix.outlook.probably-cut-off':
    'See that this machine is online. What is sent now waits until others are reached.',
  'check.fix.views.idle': 'Nothing: the nodes in reserve are tried one by one.',
  'check.fix.record.none': 'Join a network, or start with --listen and an address that others can reach.',
  'check.fix.keychain-behind':
    'Unlock or repair the keychain, or free disk space. It is tried again with the next daily key.',
  'check.fix.lan-silent':
    'Allow incoming connections to Kith on both machines. A guest network may forbid them altogether.',
  'check.fix.other-version': 'Update the older of the two.',
  'check.fix.mdns-port': 'Stop that program, or connect by the address in a card.',
  'check.fix.mdns-failed':
    'See that multicast is allowed on that interface, or connect by the address in a card.',

  'why.lan': 'Found on the local network',
  'why.asking': 'To ask who is on the local network',
  'why.bootstrap': 'Given at the start (--bootstrap)',
  'why.contact': 'Where a contact was last, or says to be',
  'why.card': 'Where the owner of a card was, or says to be',
  'why.known': 'A node that was known before',
  'why.topic': 'Named by a node that follows the same topic',
  'why.neighbour': 'A node of the network, to be a neighbour',
  'why.test': 'A node of the network, to see whether it answers',
  'why.mix': 'A node of the network, to exchange records',
  'why.lost': 'A former neighbour, to see whether it is back',
  'why.question': 'A node of the network, to ask where somebody is',
} as const;
