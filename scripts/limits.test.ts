/**
 * docs/limits.md says what the code does: each constant below is read from its file, and its row must show it. Read as text,
 * because no room but the owner's may import most of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const rows = readFileSync(join(root, 'docs/limits.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '));

type Form = (value: number) => string;
const plain: Form = (value) => value.toLocaleString('en-US');
const binary: Form = (value) =>
  value % 2 ** 20 === 0 ? `${value / 2 ** 20} MiB` : `${plain(value / 2 ** 10)} KiB`;
const seconds: Form = (value) => `${value / 1_000} s`;
const days: Form = (value) => `${value / 86_400_000} days`;

const core = 'packages/core/src';
const network = 'packages/node/src/network/limits.ts';
const driver = 'packages/node/src/driver';
const web = 'packages/web/src';
const localApi = 'packages/node/src/local-api';
const outbox = `${core}/protocol/outbox/outbox.ts`;
const discovery = `${core}/protocol/discovery`;
const overlay = `${core}/protocol/overlay`;
const broadcast = `${core}/protocol/broadcast/config.ts`;
const keySpace = `${core}/protocol/key-space`;
const skipped = `${core}/crypto/ratchet/skipped-keys.ts`;

const messages = 'packages/web/src/data/messages';

/** [beginning of the row, file, constant, how its value is written]. */
const stated: [string, string, string, Form][] = [
  ['text of a message', `${core}/wire/content.ts`, 'textBytesMax', plain],
  ['page of the web app: events', `${web}/data/event-feed.ts`, 'batchMax', plain],
  ['page of the web app: toasts', `${web}/design/toast-store.ts`, 'toastsMax', plain],
  ['page of the web app: choices', `${web}/shell/switcher-search.ts`, 'choicesMax', plain],
  ['page of the web app: nodes', `${web}/settings/peer-places.ts`, 'drawnMax', plain],
  ['page of the web app: own files', 'packages/web/public/worker.js', 'filesMax', plain],
  ['page of the web app: characters', `${web}/people/card-text.ts`, 'pastedMax', plain],
  ['lifetime', `${core}/peer/commands.ts`, 'ttlMsMax', days],
  ['waiting, all together', outbox, 'itemsMax', plain],
  ['waiting for one device', outbox, 'deviceItemsMax', plain],
  ['session talk', `${core}/peer/delivery.ts`, 'controlsWaitingMax', plain],
  ['on the way to one device', outbox, 'windowItemsMax', plain],
  ['on the way to one device', outbox, 'windowBytesMax', binary],
  ['ids in one acknowledgement', `${core}/wire/content.ts`, 'ackIdsMax', plain],
  ['opened messages remembered', `${core}/peer/acknowledgements.ts`, 'rememberedMs', days],
  ['events kept', `${core}/peer/turn.ts`, 'eventsKept', plain],
  ['contacts and requests', `${core}/peer/book.ts`, 'contactsMax', plain],
  ['request box', `${core}/peer/book.ts`, 'requestsMax', plain],
  ['name |', `${core}/base/text.ts`, 'nameLengthMax', plain],
  ['greeting', `${core}/wire/content.ts`, 'greetingBytesMax', plain],
  ['cards for one person', `${core}/peer/own.ts`, 'tokensMax', plain],
  ['card, link to it', `${core}/crypto/card/card.ts`, 'cardBytesMax', plain],
  ['card, link to it', `${core}/crypto/card/card.ts`, 'linkLengthMax', plain],
  ['proof of work', `${core}/peer/own.ts`, 'difficultyBits', plain],
  ['proof of work', `${core}/protocol/meeting/gate.ts`, 'difficultyBitsMax', plain],
  ['root keys', `${core}/crypto/identity/root-chain.ts`, 'chainEntriesMax', plain],
  ['devices of a person', `${core}/crypto/identity/device-statements.ts`, 'statementsMax', plain],
  ['sessions with one device', `${core}/protocol/sessions/session-table.ts`, 'sessionsPerDeviceMax', plain],
  ['sessions open in memory', `${core}/protocol/sessions/session-table.ts`, 'openSessionsMax', plain],
  ['skipped messages', skipped, 'skippedPerChainMax', plain],
  ['skipped messages', skipped, 'skippedPerSessionMax', plain],
  ['first messages remembered', `${core}/peer/openings.ts`, 'replaysMax', plain],
  ['locked memory', `${core}/crypto/native/locked-arena.ts`, 'arenaBytesMax', binary],
  ['body of a broadcast', `${core}/wire/broadcast.ts`, 'broadcastBodyBytesMax', plain],
  ['topics broadcast in', broadcast, 'topicsMax', plain],
  ['topics broadcast in', broadcast, 'neighboursMax', plain],
  ['authors of a topic', broadcast, 'authorsMax', plain],
  ['authors of a topic', broadcast, 'forgottenMax', plain],
  ['messages held to repair', broadcast, 'cacheMs', seconds],
  ['messages held to repair', broadcast, 'cacheBytesMax', binary],
  ['messages held to repair', broadcast, 'cacheMessagesMax', plain],
  ['messages missing', broadcast, 'missingMax', plain],
  ['messages missing', broadcast, 'missingPerNeighbourMax', plain],
  ['holes below', broadcast, 'holesMax', plain],
  ['a summary', broadcast, 'summaryRunsMax', plain],
  ['links |', network, 'linksMax', plain],
  ['links |', network, 'linksJudgedMax', plain],
  ['sockets opened to us', network, 'inboundSocketsMax', plain],
  ['sockets opened to us', network, 'inboundSocketsPerHostMax', plain],
  ['sockets opened to us', network, 'inboundPerSecondMax', plain],
  ['connection that opens no link', network, 'strayMsMax', seconds],
  ['introductions on a local network', `${core}/peer/nearby.ts`, 'introducedMax', plain],
  ['strangers from one subnet', `${core}/protocol/links/links-contract.ts`, 'strangersPerSubnetMax', plain],
  ['links for questions', `${core}/protocol/links/links-contract.ts`, 'questionsMax', plain],
  ['links for questions', `${core}/protocol/links/links-contract.ts`, 'theirQuestionsMax', plain],
  ['links for questions', `${core}/protocol/links/link-state.ts`, 'questionIdleMs', seconds],
  ['nodes reached for', `${core}/protocol/links/dialling-config.ts`, 'reachesMax', plain],
  ['nodes reached for', `${core}/protocol/links/dialling-config.ts`, 'reachMsMax', seconds],
  ['frame |', network, 'frameBytesMax', plain],
  ['a neighbour that takes no byte', network, 'drainMsMax', seconds],
  ['read from one link', network, 'inboundFramesPerSecondMax', plain],
  ['read from one link', network, 'inboundFramesBurstMax', plain],
  ['read from one link', network, 'inboundBytesPerSecondMax', binary],
  ['waiting for the Peer', `${driver}/input-queue.ts`, 'framesPerLinkMax', plain],
  ['waiting for the Peer', `${driver}/input-queue.ts`, 'bytesPerLinkMax', binary],
  ['addresses in `kith doctor`', network, 'contactedMax', plain],
  ['neighbours in one overlay', `${overlay}/active-view.ts`, 'activeMax', plain],
  ['neighbours in one overlay', `${overlay}/active-view.ts`, 'cameMax', plain],
  ['besides, neighbours that nobody can dial', `${overlay}/active-view.ts`, 'leavesMax', plain],
  ['besides, neighbours that nobody can dial', `${overlay}/active-view.ts`, 'leavesPerSubnetMax', plain],
  ['peers known to one overlay', `${overlay}/passive-view.ts`, 'triedSlots', plain],
  ['peers known to one overlay', `${overlay}/passive-view.ts`, 'heardSlots', plain],
  ['peers known to one overlay', `${overlay}/passive-view.ts`, 'lostSlots', plain],
  ['links, dials of one overlay', `${overlay}/overlay-config.ts`, 'linksMax', plain],
  ['links, dials of one overlay', `${overlay}/overlay-config.ts`, 'attemptsMax', plain],
  ['links, dials of one overlay', `${overlay}/passive-view.ts`, 'failedMax', plain],
  ['records of other nodes', `${discovery}/record-shelf.ts`, 'recordsMax', plain],
  ['records of other nodes', `${discovery}/record-shelf.ts`, 'subnetMax', plain],
  ['records of other nodes', `${discovery}/record-shelf.ts`, 'sourceMax', plain],
  ['signatures checked', `${discovery}/intake.ts`, 'sourcesMax', plain],
  ['ended records remembered', `${discovery}/tombstones.ts`, 'tombstonesMax', plain],
  ['proofs against nodes', `${discovery}/convictions.ts`, 'convictionsMax', plain],
  ['nodes dealt with', `${core}/base/peer-table.ts`, 'peersMax', plain],
  ['nodes dealt with', `${core}/base/peer-table.ts`, 'addressesMax', plain],
  ['nodes dealt with', `${core}/base/peer-table.ts`, 'forgetMs', days],
  ['anchors |', `${discovery}/anchors.ts`, 'anchorsMax', plain],
  ['anchors |', `${discovery}/anchors.ts`, 'anchorAddressesMax', plain],
  ['anchors |', `${discovery}/anchors.ts`, 'storeEveryMs', seconds],
  ['peer record', `${core}/crypto/record/peer-record.ts`, 'peerRecordBytesMax', plain],
  ['peer record', `${core}/crypto/record/peer-record.ts`, 'recordTtlMsMax', plain],
  ['peer record', `${core}/crypto/record/peer-record.ts`, 'recordAddressesMax', plain],
  ['peer record', `${core}/base/place.ts`, 'addressLengthMax', plain],
  ['rendezvous value', `${core}/crypto/rendezvous/rendezvous.ts`, 'rendezvousBytesMax', plain],
  ['rendezvous value', `${core}/crypto/rendezvous/rendezvous.ts`, 'rendezvousContentBytesMax', plain],
  ['told addresses', `${core}/wire/content.ts`, 'toldAddressesMax', plain],
  ['told addresses', `${core}/peer/presence.ts`, 'learnedAddressesMax', plain],
  ['values of ours', `${core}/peer/own.ts`, 'cardFindableMs', days],
  ['looked for at a time', `${core}/peer/presence-search.ts`, 'lookupsMax', plain],
  ['contacts told', `${core}/peer/presence.ts`, 'tellPerBatchMax', plain],
  ['nodes heard', 'packages/node/src/network/lan/table.ts', 'nodesMax', plain],
  ['inputs that share a commit', `${driver}/driver.ts`, 'batchMax', plain],
  ['commands waiting', `${driver}/input-queue.ts`, 'commandsMax', plain],
  ['watchers of events', `${driver}/subscriptions.ts`, 'subscriptionsMax', plain],
  ['searches at a time', `${keySpace}/contract.ts`, 'searchesMax', plain],
  ['searches at a time', `${keySpace}/contract.ts`, 'waitingMax', plain],
  ['searches at a time', `${keySpace}/contract.ts`, 'keepsMax', plain],
  ['questions of a search', `${keySpace}/lookup.ts`, 'questionsMax', plain],
  ['questions of a search', `${keySpace}/upkeep.ts`, 'questionsMax', plain],
  ['nodes of one subnet asked', `${keySpace}/lookup.ts`, 'subnetAsksMax', plain],
  ['time to connect', `${keySpace}/contract.ts`, 'connectMsMax', seconds],
  ['time to connect', `${keySpace}/contract.ts`, 'answerMsMax', seconds],
  ['table |', `${keySpace}/routing-table.ts`, 'bucketsMax', plain],
  ['table |', `${keySpace}/routing-table.ts`, 'entriesMax', plain],
  ['table |', `${keySpace}/routing-table.ts`, 'subnetEntriesMax', plain],
  ['table |', `${keySpace}/routing-table.ts`, 'sparesMax', plain],
  ['values kept for others', `${keySpace}/keeper.ts`, 'valuesMax', plain],
  ['values kept for others', `${keySpace}/keeper.ts`, 'subnetValuesMax', plain],
  ['a value |', `${core}/wire/find.ts`, 'keptValueBytesMax', plain],
  ['questions of one link', `${keySpace}/contract.ts`, 'allowanceMax', plain],
  ['log |', 'packages/node/src/log/log-file.ts', 'logBytesMax', binary],
  ['machine time', `${driver}/machine-time.ts`, 'jumpMsMax', days],
  ['browsers signed in', `${localApi}/sessions.ts`, 'sessionsMax', plain],
  ['browsers signed in', `${localApi}/sessions.ts`, 'unusedMsMax', days],
  ['loopback', `${localApi}/listeners.ts`, 'connectionsMax', plain],
  ['loopback', `${localApi}/listeners.ts`, 'loopbackConnectionsMax', plain],
  ['the web app', `${localApi}/web-files.ts`, 'webFilesMax', plain],
  ['the web app', `${localApi}/web-files.ts`, 'webBytesMax', binary],
  ['messages of one conversation in memory', `${messages}/message-window.ts`, 'windowMessagesMax', plain],
  ['messages of one conversation in memory', `${messages}/message-window.ts`, 'windowMessagesKept', plain],
  ['conversations in memory', `${messages}/open-windows.ts`, 'openWindowsMax', plain],
  ['events noted while a page is under way', `${messages}/message-window.ts`, 'missedEventsMax', plain],
  ['marks inside marks', 'packages/web/src/markdown/inline-markdown.ts', 'inlineDepthMax', plain],
  ['marks inside marks', 'packages/web/src/markdown/markdown.ts', 'nodesMax', plain],
  ['text in the composer', 'packages/web/src/composer/composer.tsx', 'draftLengthMax', plain],
  ['emoji used lately', 'packages/web/src/emoji/emoji-search.ts', 'recentEmojiMax', plain],
];

/** A product of numbers as the code writes it: `5 * 1024 * 1024`, `41 * dayMs`, `16 * 2 ** 20`. */
function valueIn(file: string, name: string): number {
  const source = readFileSync(join(root, file), 'utf8');
  const written = new RegExp(`\\b${name}(?:: number)?(?: =|:) ([0-9_*. ]+(?:dayMs)?)[;,]`).exec(source)?.[1];
  if (written === undefined) throw new Error(`${file} has no number called ${name}`);
  const factors = written.replace('dayMs', '86_400_000').replaceAll('_', '').split(' * ');
  return factors.reduce((product, factor) => product * Number(factor), 1);
}

/** Whether the value stands in the row as a number of its own, not as the beginning of a longer one. */
function shows(row: string, value: string): boolean {
  return new RegExp(String.raw`(?<![\d,.])${value}(?![\d.]|,\d)`, 'u').test(row);
}

test.each(stated)('%s: %s %s', (beginning, file, name, form) => {
  const found = rows.filter((row) => row.startsWith(`| ${beginning}`));
  expect(found, `one row begins with "${beginning}"`).toHaveLength(1);
  expect(shows(found[0] ?? '', form(valueIn(file, name)))).toBe(true);
});

test('a number that is not there, or is another, is noticed', () => {
  expect(shows('| links | 64, 4 to one node |', '4')).toBe(true);
  expect(
    ['6', '640', '64,4'].filter((value) => shows('| links | 64, 4 to one node | 1,064 |', value)),
  ).toEqual([]);
  expect(() => valueIn(network, 'noSuchMax')).toThrow('has no number');
});
