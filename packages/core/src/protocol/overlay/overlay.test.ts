/**
 * Goal: one machine keeps its rules whatever a neighbour sends: what it names to whom, what it answers, its bounds.
 * Method: one machine, puppets for neighbours, frames made by hand.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { NeighbourWish } from '../../wire/neighbour.ts';
import { Bench, secret, sent, tags, wishes } from '../../../test/overlay-bench.ts';
import { openTopic, peerAt, peerOfRecord, recordOf } from '../../../test/overlay-world.ts';
import type { OverlayInput } from './overlay.ts';
import { overlayDefaults } from './overlay-config.ts';
import type { OverlayFrame, OverlayOutput } from './overlay-state.ts';

test('those who come have five places, one for a subnet; the next is sent on with others to ask', () => {
  const bench = new Bench();
  for (let number = 0; number < 5; number++) {
    expect(wishes(bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask'))).toEqual(['yes']);
  }
  const refusal = sent(bench.say(bench.open(peerAt('2.9', 9)), 'ask'))[0];
  expect(refusal).toMatchObject({ type: 'neighbour', wish: 'no' });
  expect(refusal?.type === 'neighbour' && refusal.records.length).toBeGreaterThan(0);
  const other = new Bench();
  expect(wishes(other.say(other.open(peerAt('2.0', 1)), 'ask'))).toEqual(['yes']);
  expect(wishes(other.say(other.open(peerAt('2.0', 2)), 'urgent'))).toEqual(['no']);
  expect(wishes(other.say(other.open(peerAt('lan', 3)), 'ask'))).toEqual(['yes']);
  expect(wishes(other.say(other.open(peerAt('lan', 4)), 'ask'))).toEqual(['yes']);
});

test('who is sent on hears of the two that came last, of others at random, and of those we reached', () => {
  const bench = new Bench();
  const came: PeerId[] = [];
  for (let number = 0; number < 5; number++) {
    bench.nowMs += 1_000;
    came.unshift(peerAt(`2.${number}`, number));
    bench.say(bench.open(came[0]!), 'ask');
    bench.say(bench.open(peerAt(`7.${number}`, number)), 'ask', []);
  }
  for (let number = 5; number < 8; number++)
    bench.say(bench.open(peerAt(`2.${number}`, number), true), 'yes');
  for (let number = 0; number < 6; number++) {
    const link = bench.open(peerAt(`5.${number}`, number), true);
    bench.say(link, 'no');
    bench.feed({ type: 'linkClosed', link });
  }
  const neighbours = bench.overlay.neighbours();
  const named = (peer: PeerId, wish: NeighbourWish): PeerId[] => {
    const [answer] = sent(bench.say(bench.open(peer), wish));
    if (answer?.type !== 'neighbour') throw new Error('it is answered');
    expect(answer.wish).toBe(wish === 'ask' ? 'no' : 'leave');
    expect(answer.records.length).toBe(8);
    return answer.records.map((each) => peerOfRecord(each));
  };
  const all = new Map<PeerId, number>();
  for (let number = 0; number < 20; number++) {
    const some = named(peerAt(`3.${number}`, number), 'ask');
    expect(some).toEqual(expect.arrayContaining(came.slice(0, 2)));
    expect(some.filter((each) => came.includes(each)).length, 'half are neighbours').toBeLessThanOrEqual(4);
    for (const each of some) all.set(each, (all.get(each) ?? 0) + 1);
  }
  for (const { peer, leaf } of neighbours) expect(all.has(peer)).toBe(!leaf);
  for (const older of came.slice(2)) expect(all.get(older)).toBeLessThan(20);
  expect([...all.keys()].filter((each) => !neighbours.some(({ peer }) => peer === each)).length).toBe(6);
  bench.nowMs += overlayDefaults.active.graceMs;
  // The youngest that had its time goes, and is told of the others.
  const late = peerAt('4.1', 1);
  expect(named(late, 'urgent')).toEqual(expect.arrayContaining(came.slice(1, 3)));
  expect(named(peerAt('4.2', 2), 'urgent')).toEqual(expect.arrayContaining([late, came[2]]));
});

test('a neighbour that has no record takes nobody’s place in what is named', () => {
  const bench = new Bench(openTopic, true, (peer) => !peer.startsWith('2.'));
  for (let number = 0; number < 5; number++) bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask');
  for (let number = 0; number < 3; number++)
    bench.say(bench.open(peerAt(`5.${number}`, number), true), 'yes');
  const [refusal] = sent(bench.say(bench.open(peerAt('3.1', 1)), 'ask'));
  expect(refusal?.type === 'neighbour' && refusal.records.length).toBe(3);
});

test('who cannot be dialled has places of its own, and takes none of those who can', () => {
  const bench = new Bench();
  const { leavesMax, leavesPerSubnetMax } = overlayDefaults.active;
  const asLeaf = (subnet: string, number: number): string[] =>
    wishes(bench.say(bench.open(peerAt(subnet, number)), 'ask', []));
  for (let number = 0; number < leavesPerSubnetMax; number++) expect(asLeaf('7.7', number)).toEqual(['yes']);
  expect(asLeaf('7.7', 99), 'one too many of a subnet').toEqual(['no']);
  for (let number = leavesPerSubnetMax; number < leavesMax; number++) {
    expect(asLeaf(`7.${100 + number}`, number)).toEqual(['yes']);
  }
  expect(asLeaf('8.1', 1), 'one too many').toEqual(['no']);
  for (let number = 0; number < 5; number++) {
    expect(wishes(bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask'))).toEqual(['yes']);
  }
  expect(bench.overlay.neighbours().length).toBe(leavesMax + 5);
});

test('where many topics share the links there are fewer places, and who is beyond them leaves', () => {
  const bench = new Bench();
  for (let number = 0; number < 3; number++)
    bench.say(bench.open(peerAt(`2.${number}`, number), true), 'yes');
  for (let number = 3; number < 8; number++) bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask');
  for (let number = 0; number < 4; number++) bench.say(bench.open(peerAt(`7.${number}`, number)), 'ask', []);
  expect(bench.overlay.neighbours().length).toBe(12);
  const outputs = bench.feed({ type: 'share', share: { activeMax: 3, leavesMax: 1 } });
  expect(wishes(outputs)).toEqual(Array.from({ length: 8 }, () => 'leave'));
  const left = bench.overlay.neighbours();
  expect(left.filter(({ leaf }) => leaf).length).toBe(1);
  expect(left.filter(({ chosen }) => chosen).length, 'whom we chose stays').toBe(3);
  expect(wishes(bench.say(bench.open(peerAt('3.1', 1)), 'ask'))).toEqual(['no']);
  bench.feed({ type: 'share', share: { activeMax: 8, leavesMax: 16 } });
  expect(wishes(bench.say(bench.open(peerAt('3.2', 2)), 'ask'))).toEqual(['yes']);
});

test('whom nobody can dial looks for three neighbours, others for five', () => {
  for (const isListed of [true, false]) {
    const bench = new Bench(openTopic, isListed);
    for (let number = 0; number < 3; number++)
      bench.say(bench.open(peerAt(`2.${number}`, number), true), 'yes');
    const peers = Array.from({ length: 6 }, (_, at) => peerAt(`3.${at}`, at));
    const outputs = bench.feed({ type: 'candidates', peers, source: 'bootstrap' });
    const sought = outputs.filter((output) => output.type === 'connect' && output.why === 'neighbour');
    expect(bench.overlay.neighbours().length).toBe(3);
    expect(sought.length > 0).toBe(isListed);
  }
});

test('who is urgent takes the place of the youngest that came, not before its time and not at any pace', () => {
  const bench = new Bench();
  for (let number = 0; number < 5; number++) bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask');
  expect(wishes(bench.say(bench.open(peerAt('3.1', 1)), 'urgent')), 'too early').toEqual(['no']);
  bench.nowMs += overlayDefaults.active.graceMs;
  const outputs = bench.say(bench.open(peerAt('3.2', 2)), 'urgent');
  expect(wishes(outputs)).toEqual(['leave', 'yes']);
  expect(outputs.filter(({ type }) => type === 'active').length).toBe(2);
  bench.nowMs += overlayDefaults.active.graceMs;
  const said = Array.from({ length: 6 }, (_, at) => {
    return wishes(bench.say(bench.open(peerAt(`4.${at}`, at)), 'urgent')).at(-1);
  });
  expect(said.filter((each) => each === 'yes').length).toBeLessThanOrEqual(2);
});

test('whom we only tested is not chosen because it made more of the link', () => {
  for (const promoted of [false, true]) {
    const bench = new Bench();
    bench.feed({ ...bench.opening(peerAt('6.6', 6), true), promoted } as OverlayInput);
    bench.say(1 as LinkId, 'yes');
    expect(bench.overlay.neighbours()).toMatchObject([{ chosen: !promoted }]);
  }
});

test('a link for one question keeps nobody from becoming a neighbour', () => {
  for (const brief of [false, true]) {
    const bench = new Bench();
    const peer = peerAt('6.6', 6);
    bench.feed({ ...bench.opening(peer, false), brief } as OverlayInput);
    const outputs = bench.feed({ type: 'candidates', peers: [peer], source: 'bootstrap' });
    const connects = outputs.filter(({ type }) => type === 'connect');
    expect(connects).toEqual(brief ? [{ type: 'connect', peer, why: 'neighbour' }] : []);
  }
});

test('a topic is named to nobody who did not show that it knows it', () => {
  const bench = new Bench(secret);
  const opening = bench.opening(peerAt('2.1', 1), true);
  const outputs = bench.feed(opening);
  expect(sent(outputs)).toEqual([{ type: 'follow', on: true, topics: [tags.ours] }]);
  const link = 1 as LinkId;
  expect(sent(bench.say(link, 'ask')), 'it guessed the topic, and is told nothing').toEqual([]);
  const mirror = bench.feed({
    type: 'frame',
    link,
    frame: { type: 'follow', on: true, topics: [tags.ours] },
  });
  expect(sent(mirror), 'an echo proves nothing').toEqual([]);
  const shown = bench.feed({
    type: 'frame',
    link,
    frame: { type: 'follow', on: true, topics: [tags.theirs] },
  });
  expect(wishes(shown)).toEqual(['join']);
  bench.say(link, 'yes');
  expect(bench.overlay.neighbours().length).toBe(1);
  bench.feed({ type: 'frame', link, frame: { type: 'follow', on: false, topics: [tags.theirs] } });
  expect(bench.overlay.neighbours().length).toBe(0);
});

test('whoever follows later than the link stands hears that we do, once; and who comes back hears it again', () => {
  const bench = new Bench(secret);
  bench.feed(bench.opening(peerAt('2.1', 1), true));
  const link = 1 as LinkId;
  const theirs = (on: boolean): OverlayFrame[] =>
    sent(bench.feed({ type: 'frame', link, frame: { type: 'follow', on, topics: [tags.theirs] } })).filter(
      ({ type }) => type === 'follow',
    );
  const ours = [{ type: 'follow', on: true, topics: [tags.ours] }];
  expect(theirs(true)).toEqual(ours);
  expect(theirs(true), 'or two would go on for ever').toEqual([]);
  expect(theirs(false)).toEqual([]);
  expect(theirs(true)).toEqual(ours);
  const last = sent(bench.feed({ type: 'stop' }));
  expect(last.at(-1)).toEqual({ type: 'follow', on: false, topics: [tags.ours] });
});

test('a topic that is followed no longer holds no link, whatever was under way', () => {
  const bench = new Bench(secret);
  const held = new Set<LinkId>();
  const feed = (input: OverlayInput): OverlayOutput[] => {
    const outputs = bench.feed(input);
    for (const output of outputs) {
      if (output.type === 'hold') held.add(output.link);
      if (output.type === 'release') held.delete(output.link);
    }
    return outputs;
  };
  const shown: OverlayFrame = { type: 'follow', on: true, topics: [tags.theirs] };
  for (const number of [1, 2, 3]) feed(bench.opening(peerAt(`2.${number}`, number), true));
  feed({ type: 'frame', link: 1 as LinkId, frame: shown });
  feed({ type: 'frame', link: 2 as LinkId, frame: shown });
  feed({
    type: 'frame',
    link: 2 as LinkId,
    frame: { type: 'neighbour', topic: secret, wish: 'yes', records: [] },
  });
  expect(held.size, 'one is asked, one is a neighbour').toBe(2);
  feed({ type: 'stop' });
  expect(held.size).toBe(0);
});

test('an answer is never larger than its question', () => {
  const bench = new Bench();
  for (let number = 0; number < 4; number++) bench.say(bench.open(peerAt(`2.${number}`, number)), 'ask');
  const link = bench.open(peerAt('3.1', 1));
  for (const count of [0, 1, 3, 8]) {
    const records = Array.from({ length: count }, (_, at) => recordOf(peerAt(`5.${at}`, at)));
    const frame: OverlayFrame = { type: 'shuffle', topic: openTopic, records };
    const answer = sent(bench.feed({ type: 'frame', link, frame })).find(({ type }) => type === 'shuffled');
    expect(answer?.type === 'shuffled' && answer.records.length).toBeLessThanOrEqual(Math.max(1, count));
  }
});

test('frames beyond the pace are not looked at, and many of them are reported once', () => {
  const bench = new Bench();
  const link = bench.open(peerAt('2.1', 1));
  const records = Array.from({ length: 8 }, (_, at) => recordOf(peerAt(`5.${at}`, at)));
  const outputs = Array.from({ length: 300 }, () => {
    return bench.feed({ type: 'frame', link, frame: { type: 'shuffle', topic: openTopic, records } });
  }).flat();
  expect(bench.learnt).toBe(overlayDefaults.limits.shuffle.burst * 8);
  expect(outputs.filter(({ type }) => type === 'misbehaved')).toEqual([
    { type: 'misbehaved', link, reason: 'flood' },
  ]);
});

test('whom nobody reached is not offered to others', () => {
  const bench = new Bench();
  const hearsay = Array.from({ length: 8 }, (_, at) => recordOf(peerAt(`5.${at}`, at)));
  const link = bench.open(peerAt('2.1', 1));
  bench.say(link, 'ask', hearsay);
  const frame: OverlayFrame = { type: 'shuffle', topic: openTopic, records: hearsay };
  const answers = sent(bench.feed({ type: 'frame', link: bench.open(peerAt('2.2', 2)), frame }));
  const offered = answers.flatMap((each) => (each.type === 'shuffled' ? each.records.map(peerOfRecord) : []));
  expect(offered).toEqual([peerAt('2.1', 1)]);
});

test('who floods a node with records of nobody neither alarms it nor makes it dial faster', () => {
  const bench = new Bench();
  for (let number = 0; number < 12; number++)
    bench.say(bench.open(peerAt(`2.${number}`, number), true), 'yes');
  // No longer young: tests are as rare as they ever are.
  bench.nowMs += 10 * 60_000;
  bench.feed({ type: 'wake' });
  const untilMs = bench.nowMs + 20 * 60_000;
  let dials = 0;
  for (let turn = 0; bench.nowMs < untilMs; turn++) {
    bench.nowMs = Math.max(bench.nowMs + 1, Math.min(bench.overlay.nextWakeMs(), bench.nowMs + 5_000));
    const records = Array.from({ length: 8 }, (_, at) =>
      recordOf(peerAt(`${10 + (turn % 200)}.${at}`, turn)),
    );
    const outputs = bench.feed({ type: 'wake' });
    const shuffle: OverlayFrame = { type: 'shuffle', topic: openTopic, records };
    outputs.push(...bench.feed({ type: 'frame', link: 1 as LinkId, frame: shuffle }));
    for (let output = outputs.shift(); output !== undefined; output = outputs.shift()) {
      if (output.type !== 'connect') continue;
      dials++;
      outputs.push(...bench.feed({ type: 'unreachable', peer: output.peer }));
    }
  }
  // One test in 20 s is a node's own pace: 60, and some to exchange neighbours.
  expect(dials).toBeLessThan(90);
});

test('who was not dialled, for want of places of ours, is neither lost nor a sign of anything', () => {
  const bench = new Bench();
  const link = bench.open(peerAt('2.1', 1), true);
  bench.say(link, 'yes');
  const peers = Array.from({ length: 12 }, (_, at) => peerAt(`6.${at}`, at));
  for (const peer of peers) bench.feed({ type: 'linkClosed', link: bench.open(peer, true) });
  const outputs = bench.feed({ type: 'wake' });
  for (let turn = 0; turn < 100; turn++) {
    for (const output of outputs.splice(0)) {
      if (output.type !== 'connect') continue;
      outputs.push(...bench.feed({ type: 'unreachable', peer: output.peer, dialled: false }));
    }
    bench.nowMs = Math.max(bench.nowMs + 1_000, bench.overlay.nextWakeMs());
    outputs.push(...bench.feed({ type: 'wake' }));
  }
  expect(bench.overlay.passive('lost')).toEqual([]);
  expect(bench.overlay.passive('tried').length).toBeGreaterThan(6);
});

test('when everything fails nobody is forgotten, and the Peer is asked for more', () => {
  const bench = new Bench();
  const peers = Array.from({ length: 6 }, (_, at) => peerAt(`6.${at}`, at));
  let outputs = bench.feed({ type: 'candidates', peers, source: 'record' });
  let starving = 0;
  for (let step = 0; step < 200; step++) {
    for (const output of outputs) {
      if (output.type === 'starving') starving++;
      if (output.type === 'connect') bench.feed({ type: 'unreachable', peer: output.peer });
    }
    bench.nowMs = Math.max(bench.nowMs + 1, bench.overlay.nextWakeMs());
    outputs = bench.feed({ type: 'wake' });
  }
  expect(starving).toBeGreaterThan(0);
  expect(new Set(bench.overlay.passive('told')).size).toBeGreaterThan(0);
  const dials = bench.feed({ type: 'hurry' }).filter(({ type }) => type === 'connect');
  expect(dials.length).toBeGreaterThan(0);
});

test('whatever comes in what order: bounds hold, hold and release take turns, active too', () => {
  const wish = fc.constantFrom<NeighbourWish>('join', 'urgent', 'ask', 'yes', 'no', 'leave');
  const step = fc.record({
    act: fc.constantFrom(
      'open',
      'close',
      'say',
      'shuffle',
      'shuffled',
      'walk',
      'wake',
      'unreachable',
      'forgotten',
    ),
    which: fc.nat(30),
    wish,
    dialled: fc.boolean(),
    laterMs: fc.nat(8_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const bench = new Bench();
      const open = new Set<LinkId>();
      const held = new Set<LinkId>();
      const active = new Set<LinkId>();
      for (const { act, which, wish: said, dialled, laterMs } of steps) {
        bench.nowMs += laterMs;
        const peer = peerAt(`${which % 12}.1`, which);
        const link = [...open][which % Math.max(1, open.size)] ?? (0 as LinkId);
        const records = [recordOf(peer), recordOf(peerAt(`7.${which}`, which))];
        let outputs: OverlayOutput[];
        if (act === 'open') {
          const opening = bench.opening(peer, dialled);
          if (opening.type === 'linkOpen') open.add(opening.link);
          outputs = bench.feed(opening);
        } else if (act === 'close') {
          open.delete(link);
          held.delete(link);
          outputs = bench.feed({ type: 'linkClosed', link });
        } else if (act === 'say') outputs = bench.say(link, said, records);
        else if (act === 'wake') outputs = bench.feed({ type: 'wake' });
        else if (act === 'unreachable' || act === 'forgotten') outputs = bench.feed({ type: act, peer });
        else if (act === 'walk') {
          const walk: OverlayFrame = {
            type: 'walk',
            topic: openTopic,
            hopsLeft: which,
            newcomer: records[0]!,
          };
          outputs = bench.feed({ type: 'frame', link, frame: walk });
        } else outputs = bench.feed({ type: 'frame', link, frame: { type: act, topic: openTopic, records } });
        for (const output of outputs) {
          if (output.type === 'hold') expect(held.has(output.link) || !held.add(output.link)).toBe(false);
          if (output.type === 'release') expect(held.delete(output.link)).toBe(true);
          if (output.type !== 'active') continue;
          if (output.on) expect(active.has(output.link) || !active.add(output.link)).toBe(false);
          else expect(active.delete(output.link)).toBe(true);
        }
        const neighbours = bench.overlay.neighbours();
        expect(neighbours.length).toBeLessThanOrEqual(overlayDefaults.active.activeMax);
        expect(new Set(neighbours.map((each) => each.peer)).size).toBe(neighbours.length);
        expect(new Set(neighbours.map((each) => each.link))).toEqual(active);
        for (const each of active) expect(open.has(each) && held.has(each)).toBe(true);
      }
    }),
    { numRuns: 300, verbose: true },
  );
});
