/** Goal: what is told of a wanted link is what happened: how often it failed, how the last time, and who was there. */
import { expect, test } from 'vitest';
import { Bench } from '../../../test/links-bench.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { diallingDefaults } from './dialling-config.ts';
import { linksDefaults, type LinksOutput } from './links-contract.ts';

const address = '/ip4/203.0.113.1/tcp/1';
const addresses = [address];

function wanting(): Bench {
  const bench = new Bench();
  bench.feed({
    type: 'recognisable',
    entries: [{ id: 'friend', key: new Uint8Array(32), lists: true, checks: true }],
  });
  bench.feed({ type: 'want', id: 'friend', addresses, why: 'bootstrap' });
  return bench;
}

function dialled(outputs: LinksOutput[]): number {
  const dial = outputs.find((output) => output.type === 'dial');
  if (dial === undefined) throw new Error('nothing is dialled');
  return dial.dial;
}

/** Goes on to the moment when the machine wants to be woken. */
function next(bench: Bench): LinksOutput[] {
  return bench.wait(Math.max(0, (bench.links.nextWakeMs() ?? bench.nowMs) - bench.nowMs));
}

function progress(bench: Bench): ReturnType<Bench['links']['progress']> {
  return bench.links.progress('friend', bench.nowMs);
}

test('nothing is told of what is not wanted, or no longer', () => {
  const bench = wanting();
  expect(bench.links.progress('stranger', bench.nowMs)).toBeUndefined();
  bench.feed({ type: 'unwant', id: 'friend' });
  expect(progress(bench)).toBeUndefined();
});

test('dials are told while they last, and how each ended', () => {
  const bench = wanting();
  const nothing = {
    addresses,
    failures: 0,
    lastFailure: undefined,
    diallingSinceMs: undefined,
    answered: 'nobody',
  };
  expect(progress(bench)).toEqual(nothing);
  let failures = 0;
  for (const code of ['refused', 'timeout', 'unreachable', 'not-kith', 'other', undefined] as const) {
    const dial = dialled(next(bench));
    expect(progress(bench)?.diallingSinceMs).toBeLessThanOrEqual(bench.nowMs);
    bench.feed({ type: 'dialFailed', dial, code });
    failures++;
    expect(progress(bench)).toEqual({ ...nothing, failures, lastFailure: code ?? 'other' });
  }
  dialled(next(bench));
  bench.wait(diallingDefaults.dialMsMax + 1);
  expect(progress(bench)).toMatchObject({ failures: failures + 1, lastFailure: 'timeout' });
});

test('who is there may be whoever is wanted, until it had the time to prove it', () => {
  const bench = wanting();
  dialled(bench.wait(0));
  const { link } = bench.open('node-a', { dialled: true, address });
  expect(progress(bench)).toMatchObject({ answered: 'maybe', failures: 0 });
  bench.wait(linksDefaults.graceMs);
  expect(progress(bench)).toMatchObject({ answered: 'somebody-else', failures: 0 });
  bench.feed({ type: 'linkDown', link });
  expect(progress(bench)).toMatchObject({ answered: 'nobody', failures: 1, lastFailure: 'somebody-else' });
});

test('who was linked there before it was wanted has the time from then on', () => {
  const bench = new Bench();
  bench.open('node-a', { dialled: true, address });
  bench.wait(linksDefaults.graceMs * 3);
  bench.feed({ type: 'want', id: 'friend', addresses, why: 'bootstrap' });
  expect(progress(bench)).toMatchObject({ answered: 'maybe' });
  bench.wait(linksDefaults.graceMs);
  expect(progress(bench)).toMatchObject({ answered: 'somebody-else' });
});

test('no hello, no room, and a link that broke early are told apart', () => {
  const early = (end: (bench: Bench, link: number) => void): string | undefined => {
    const bench = wanting();
    dialled(bench.wait(0));
    end(bench, bench.up('node-a', { dialled: true, address }).link);
    return progress(bench)?.lastFailure;
  };
  expect(early((bench) => bench.wait(linksDefaults.times.helloMs))).toBe('not-kith');
  expect(
    early((bench, link) => {
      const frame = { type: 'goodbye', reason: goodbyeReasons.full } as const;
      bench.feed({ type: 'frame', link: link as never, frame });
    }),
  ).toBe('refused');
  expect(
    early((bench, link) => {
      bench.hello(link as never, 'neighbour');
      bench.feed({ type: 'linkDown', link: link as never });
    }),
  ).toBe('other');
});
