/**
 * Goal: on any sequence of writes, commits, rollbacks and restarts, the encrypted database answers as the
 * in-memory double does. Method: both are given the same random sequence and asked everything.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { EarlyRow, MessageState, SecretKind, Store, StoreWrite } from '@kith/core/base/store';
import { afterAll, expect, test } from 'vitest';
import { createMemoryStore } from '@kith/core/base/memory-store';
import {
  bytesOf,
  contactRow,
  deviceRow,
  earlyRow,
  eventRow,
  ids,
  ledgerRow,
  messageRow,
  outboxRow,
  reactionRow,
  receivedRow,
  secretRow,
} from '../../../core/test/store-rows.ts';
import { openDatabase } from './database.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-model-'));
afterAll(() => rmSync(folder, { recursive: true }));

const key = new Uint8Array(32).fill(9);
const few = fc.nat(5);
const text = fc.oneof(
  fc.constantFrom('red apple', 'green pear', 'Rést 世界', 'see HTTPS://a', ''),
  fc.string({ unit: 'grapheme' }),
);
const kind = fc.constantFrom<SecretKind>('identity', 'session', 'skipped');
const state = fc.constantFrom<MessageState>('stored', 'sent', 'delivered', 'read');
const bytes = fc.uint8Array({ maxLength: 40 });

const change = fc.record(
  {
    formerName: fc.option(text, { nil: undefined }),
    draft: fc.option(
      fc.record({
        text,
        replyTo: fc.option(few.map(ids.message), { nil: undefined }),
        editing: fc.constant(undefined),
        updatedWallMs: few,
      }),
      { nil: undefined },
    ),
    mutedUntilWallMs: fc.option(few, { nil: undefined }),
    pinned: fc.boolean(),
    sessionResetWallMs: fc.option(few, { nil: undefined }),
    readUpTo: few,
  },
  { requiredKeys: [] },
);

/** `seq` of an event is filled in when it is applied. */
const write: fc.Arbitrary<StoreWrite> = fc.oneof(
  fc.record({ op: fc.constant('putSetting' as const), key: fc.constantFrom('a', 'b'), value: bytes }),
  fc.record({ op: fc.constant('removeSetting' as const), key: fc.constantFrom('a', 'b') }),
  fc
    .tuple(kind, few, bytes)
    .map(([each, n, sealed]) => ({ op: 'putSecret', row: secretRow(n, { kind: each, sealed }) }) as const),
  fc.tuple(kind, few).map(([each, n]) => ({ op: 'removeSecret', kind: each, key: ids.item(n) }) as const),
  fc.tuple(few, text).map(([n, name]) => ({ op: 'putContact', row: contactRow(n, { name }) }) as const),
  few.map((n) => ({ op: 'removeContact', person: ids.person(n) }) as const),
  fc
    .tuple(few, few)
    .map(([n, person]) => ({ op: 'putDevice', row: deviceRow(n, { person: ids.person(person) }) }) as const),
  few.map((n) => ({ op: 'removeDevice', device: ids.device(n) }) as const),
  fc.tuple(few, few, text).map(([n, conversation, each]) => {
    const direction = n % 2 === 0 ? ('in' as const) : ('out' as const);
    const changes = { conversation: ids.conversation(conversation), text: each, direction };
    return { op: 'putMessage', row: messageRow(n, changes) } as const;
  }),
  fc.tuple(few, few, state).map(([n, conversation, each]) => {
    const where = { conversation: ids.conversation(conversation), id: ids.message(n) };
    return { op: 'setMessageState', ...where, state: each, reason: undefined } as const;
  }),
  fc.tuple(few, few, text, fc.nat(9)).map(([n, conversation, each, sequence]) => {
    const where = { conversation: ids.conversation(conversation), id: ids.message(n) };
    return { op: 'editMessage', ...where, text: each, sequence } as const;
  }),
  fc.tuple(few, few).map(([n, conversation]) => {
    const where = { conversation: ids.conversation(conversation), id: ids.message(n) };
    return { op: 'eraseMessage', ...where } as const;
  }),
  fc.tuple(few, few, few, fc.subarray(['👍', '❤️', '👩🏽‍🚀'])).map(([n, conversation, person, emoji]) => {
    const where = { conversation: ids.conversation(conversation), person: ids.person(person) };
    return { op: 'putReaction', row: reactionRow(n, { ...where, emoji }) } as const;
  }),
  fc
    .tuple(few, few, fc.constantFrom<EarlyRow['kind']>('edit', 'delete', 'react'), fc.nat(20))
    .map(([n, person, each, expiresAtMs]) => {
      const changes = { person: ids.person(person), kind: each, expiresAtMs };
      return { op: 'putEarly', row: earlyRow(n, changes) } as const;
    }),
  fc
    .tuple(few, few)
    .map(
      ([n, person]) => ({ op: 'removeEarly', person: ids.person(person), message: ids.message(n) }) as const,
    ),
  fc.tuple(few, few).map(([n, conversation]) => {
    return { op: 'addLedger', row: ledgerRow(n, { conversation: ids.conversation(conversation) }) } as const;
  }),
  fc.tuple(few, bytes).map(([n, sealed]) => ({ op: 'putOutbox', row: outboxRow(n, { sealed }) }) as const),
  few.map((n) => ({ op: 'removeOutbox', item: ids.item(n) }) as const),
  fc.tuple(few, few, fc.nat(20)).map(([n, message, expiresAtMs]) => {
    return {
      op: 'putReceived',
      row: receivedRow(n, { message: ids.message(message), expiresAtMs }),
    } as const;
  }),
  fc.tuple(few, fc.nat(20), bytes).map(([n, expiresAtMs, sealed]) => {
    return { op: 'putAck', row: { ack: ids.item(n), sealed, expiresAtMs } } as const;
  }),
  fc.tuple(few, few).map(([p, e]) => ({ op: 'putReplay', prekey: `p${p}`, ephemeral: `e${e}` }) as const),
  few.map((n) => ({ op: 'removeReplays', prekey: `p${n}` }) as const),
  fc.tuple(few, few).map(([n, conversation]) => {
    return { op: 'removeMessage', conversation: ids.conversation(conversation), id: ids.message(n) } as const;
  }),
  fc.tuple(few, change).map(([n, each]) => {
    const where = { conversation: ids.conversation(n), person: ids.person(n) };
    return { op: 'changeConversation', ...where, change: each } as const;
  }),
  few.map((n) => ({ op: 'removeConversation', conversation: ids.conversation(n) }) as const),
  fc.constant({ op: 'addEvent', row: eventRow(0) } as const),
  fc
    .tuple(fc.nat(20), fc.nat(30))
    .map(([nowMs, eventsFrom]) => ({ op: 'forget', nowMs, eventsFrom }) as const),
);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(write, { maxLength: 12 }).map((writes) => ({ writes, end: 'commit' as const })),
  },
  {
    weight: 2,
    arbitrary: fc.array(write, { maxLength: 12 }).map((writes) => ({ writes, end: 'rollback' as const })),
  },
  { weight: 1, arbitrary: fc.constant({ writes: [], end: 'restart' as const }) },
);

/** Everything a reader can ask about the few rows there are. */
function answers(store: Store): unknown {
  const numbers = [0, 1, 2, 3, 4, 5];
  return {
    settings: ['a', 'b'].map((name) => store.setting(name)),
    secrets: (['identity', 'session', 'skipped'] as const).map((each) => store.secrets(each, '')),
    secretKeys: store
      .secretKeys()
      .map((each) => `${each.kind} ${each.key}`)
      .toSorted(),
    contacts: store.contacts(),
    devices: store.devices(),
    messages: numbers.map((n) => store.messagesById(ids.message(n))),
    histories: numbers.map((n) => store.history(ids.conversation(n), 4, undefined)),
    found: ['re', 'apple', 'pear gr', 'rest 世', '"red app', 'HTTPS://'].map((words) =>
      store.search(words, 3),
    ),
    filtered: [
      store.search('', 3, { direction: 'in' }),
      store.search('re', 9, { conversation: ids.conversation(1), before: 9 }),
      store.search('', 9, { hasLink: true, after: 2 }),
    ],
    after: numbers.map((n) => store.historyAfter(ids.conversation(n), 3, n)),
    oldest: store.oldest(5, 2),
    places: numbers.map((n) => store.positionAt(ids.conversation(n), 1_760_000_000_003)),
    place: store.positionAt(undefined, 1_760_000_000_002),
    messageCounts: [store.messageCount(), store.messageCount(ids.conversation(1))],
    conversations: store.conversations(),
    read: numbers.map((n) => [store.readUpTo(ids.conversation(n)), store.unread(ids.conversation(n), n)]),
    ledgers: numbers.flatMap((c) => numbers.map((n) => store.ledger(ids.conversation(c), ids.message(n)))),
    outbox: store.outbox(),
    early: numbers.map((n) => store.earlyOf(ids.person(n))),
    received: numbers.map((n) => store.received(bytesOf(n, 32))),
    receivedMessages: numbers.map((n) => store.receivedMessage(ids.person(1), ids.message(n))),
    acks: numbers.map((n) => store.ack(ids.item(n))),
    replays: numbers.map((p) => [store.replayCount(`p${p}`), store.replayed(`p${p}`, 'e1')]),
    events: store.events(0, 1_000),
    lastEventSeq: store.lastEventSeq(),
  };
}

test('the database answers as the double does', { timeout: 60_000 }, () => {
  let count = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const path = join(folder, `${count++}`, 'kith.db');
      const double = createMemoryStore();
      let real = openDatabase(path, key);
      try {
        for (const { writes, end } of steps) {
          if (end === 'restart') {
            real.close();
            real = openDatabase(path, key);
            continue;
          }
          real.begin();
          double.begin();
          for (const each of writes) {
            const seq = double.store.lastEventSeq() + 1;
            const applied = each.op === 'addEvent' ? { ...each, row: eventRow(seq) } : each;
            real.apply(applied);
            double.apply(applied);
          }
          real[end]();
          double[end]();
          expect(answers(real.store)).toEqual(answers(double.store));
        }
      } finally {
        real.close();
        rmSync(join(folder, `${count - 1}`), { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});

test('what is indexed later, in parts, answers the same at every moment', { timeout: 60_000 }, () => {
  const path = join(folder, 'parts', 'kith.db');
  let real = openDatabase(path, key);
  const double = createMemoryStore();
  const put = (from: number, to: number, end: 'commit' | 'rollback'): void => {
    for (const database of [real, double]) {
      database.begin();
      for (let n = from; n < to; n++) {
        database.apply({ op: 'putMessage', row: messageRow(n, { text: `word${n % 7} tail${n % 100}` }) });
        database.apply({ op: 'putReceived', row: receivedRow(n, { expiresAtMs: n }) });
      }
      database[end]();
    }
  };
  const change = (from: number, to: number): void => {
    for (const database of [real, double]) {
      database.begin();
      for (let n = from; n < to; n += 3) {
        const where = { conversation: ids.conversation(1), id: ids.message(n) };
        if (n % 2 === 0) database.apply({ op: 'eraseMessage', ...where });
        else database.apply({ op: 'editMessage', ...where, text: `word${n % 5} edited`, sequence: n });
      }
      database.commit();
    }
  };
  const check = (): void => {
    for (const words of ['word3', 'word3 tail5', 'wor', 'tail99', 'edi']) {
      expect(real.store.search(words, 1_000)).toEqual(double.store.search(words, 1_000));
    }
    for (let n = 0; n < 3_100; n += 61) {
      expect(real.store.messagesById(ids.message(n))).toEqual(double.store.messagesById(ids.message(n)));
      expect(real.store.received(bytesOf(n, 32))).toEqual(double.store.received(bytesOf(n, 32)));
    }
  };
  put(0, 1_000, 'commit');
  check();
  expect(real.maintain?.()).toBe(true); // A part of them.
  check();
  change(200, 320); // Some are in the index, some are not.
  check();
  put(1_000, 1_100, 'rollback');
  check();
  put(1_000, 2_000, 'commit');
  put(2_000, 2_100, 'rollback'); // Fills the small trees of the lookups, and takes it back.
  check();
  put(2_000, 2_050, 'commit'); // The same for good.
  check();
  real.close();
  real = openDatabase(path, key);
  put(2_050, 3_000, 'commit');
  check();
  let steps = 0;
  while (real.maintain?.() === true) steps++;
  expect(steps).toBeGreaterThan(5);
  check();
  change(1_500, 1_700);
  check();
  put(3_000, 3_100, 'commit');
  check();
  for (const database of [real, double]) {
    database.begin();
    database.apply({ op: 'forget', nowMs: 2_500, eventsFrom: 0 });
    database.commit();
  }
  check();
  real.close();
});

test('under a load that never pauses the index is filled all the same', { timeout: 60_000 }, () => {
  const real = openDatabase(join(folder, 'load', 'kith.db'), key);
  real.begin();
  for (let n = 0; n < 9_000; n++) real.apply({ op: 'putMessage', row: messageRow(n, { text: `word${n}` }) });
  real.commit();
  expect(real.store.search('word17', 1_000)).toHaveLength(111); // 17, 170 to 179, 1700 to 1799
  let steps = 0;
  while (real.maintain?.() === true) steps++;
  expect(steps).toBeLessThan((9_000 - 1_024) / 256 + 2); // Some were added before.
  expect(real.store.search('word17', 1_000)).toHaveLength(111);
  real.close();
});
