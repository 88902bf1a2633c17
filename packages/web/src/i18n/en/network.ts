/** How the network looks from here, how far a first contact has come, and what people should know about keys. */
export const network = {
  'outlook.connected': 'All is well. You are connected to others.',
  'outlook.merging': 'Connected. Parts of the network that were apart are coming together again.',
  'outlook.local-only': 'You reach people on this local network only.',
  'outlook.alone':
    'Nobody else is reachable yet. What you write is kept and goes out as soon as somebody is.',
  'outlook.probably-cut-off':
    'You are probably cut off from the others. What you write is kept until that is over.',
  'outlook.short.connected': 'Connected',
  'outlook.short.merging': 'Connected',
  'outlook.short.local-only': 'Local network only',
  'outlook.short.alone': 'Nobody reachable yet',
  'outlook.short.probably-cut-off': 'Probably cut off',

  'reach.step.looking': 'Looking for {name}',
  'reach.step.dialling': 'Calling {name}’s device',
  'reach.step.linked': 'Making sure that it is {name}',
  'reach.step.asked': 'Waiting for {name} to accept',
  'reach.step.connected': 'You and {name} are connected',
  'reach.cause.offline-here':
    'This device is not connected to anybody at the moment. It goes on by itself as soon as you are online.',
  'reach.cause.no-address':
    'Nobody here knows where their device is. Ask whether Kith is running there, or exchange new cards.',
  'reach.cause.no-answer': 'Their device does not answer. It may be asleep or offline; Kith keeps trying.',
  'reach.cause.refused':
    'Their device is there, but Kith does not seem to be running on it. Kith keeps trying.',
  'reach.cause.unreachable': 'There is no way to their network from here at the moment. Kith keeps trying.',
  'reach.cause.not-kith': 'Something other than Kith answers at their address. Ask them for a new card.',
  'reach.cause.somebody-else': 'Somebody else’s device answers at their address. Ask them for a new card.',
  'reach.cause.lan-only':
    'Their device is beyond your local network, and you have chosen to stay on it. Change that in the settings under Network.',

  'notice.key-changed':
    '{name}’s key has changed. You cannot write to each other until you have compared numbers.',
  'notice.session-reset':
    'The secure session with {name} was set up anew, mostly after a restored backup. What had not arrived is sent again.',
  'notice.new-device': '{name} uses a new device.',
  'notice.restored-copy': 'This profile was restored from a copy. Messages since then may be missing.',
  'notice.identity-fork':
    '{name}’s identity exists in two versions. Compare numbers before you trust either.',
} as const;
