/**
 * Goal: records come in with answers to our own questions, and with a find from the node it names; nothing else that
 * strangers put into frames of the key space is looked at.
 */
import { expect, test } from 'vitest';
import { entryOf, nodeAt, type TestNode } from '../../test/discoverer.ts';
import { meshParts } from '../../test/mesh-parts.ts';
import type { LinkId } from '../base/ids.ts';
import { keySpaceDefaults } from '../protocol/key-space/contract.ts';
import { decodeFrame, type Frame } from '../wire/frame.ts';
import { MeshPlaces } from './mesh-places.ts';

const [asked, named, other] = [nodeAt(1), nodeAt(2), nodeAt(3)];
const key = new Uint8Array(32).fill(7);

function bench(): {
  open(node: TestNode): (frame: Frame) => void;
  sent(): Frame[];
  find(): void;
  knows(node: TestNode, sequence?: number): boolean;
} {
  const { ground, one } = meshParts();
  const { links, turn } = ground;
  const places = new MeshPlaces(ground, keySpaceDefaults);
  let last = 0;
  return {
    open(node) {
      one.link(node);
      const link = ++last as LinkId;
      const up = { link, remote: node.peer, address: node.address, path: 'direct', dialled: true } as const;
      const opened = links.open({ type: 'open', ...up, purpose: 'question', promoted: false });
      places.linkOpen(opened);
      one.machine.learn([entryOf(node)], { peer: node.peer, scope: 'global' }, one.nowMs);
      places.known(node.peer);
      return (frame) => {
        if (frame.type === 'find' || frame.type === 'found') places.onFrame(opened, frame);
      };
    },
    sent: () => turn.take().flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : [])),
    find: () => places.find(key, () => {}),
    knows: (node, sequence = 1) => one.machine.record(node.peer)?.sequence === sequence,
  };
}

test('an answer that nobody asked for brings no records', () => {
  const { open, sent, find, knows } = bench();
  const say = open(asked);
  const tell = open(other);
  say({ type: 'found', question: 1, value: undefined, records: [entryOf(named)] });
  expect(knows(named)).toBe(false);
  find();
  const question = sent().flatMap((frame) => (frame.type === 'find' ? [frame.question] : []))[0]!;
  const answer: Frame = { type: 'found', question, value: undefined, records: [entryOf(named)] };
  say({ ...answer, question: question + 9 });
  expect(knows(named)).toBe(false);
  for (const speak of [say, tell]) speak(answer);
  expect(knows(named), 'an answer does').toBe(true);
});

test('a find brings the record of who asks and no other, and none beyond the allowance', () => {
  const { open, sent, knows } = bench();
  const say = open(asked);
  const find: Frame = { type: 'find', question: 1, wanted: 1, key, records: [entryOf(named)] };
  say(find);
  expect(knows(named)).toBe(false);
  expect(sent()).toHaveLength(1);
  const newcomer = nodeAt(9);
  const ask = open(newcomer);
  const newer = entryOf(newcomer, { sequence: 2 });
  for (let times = 0; times < keySpaceDefaults.allowanceMax; times++) ask({ ...find, records: [] });
  sent();
  ask({ ...find, records: [newer] });
  expect(knows(newcomer, 2)).toBe(false);
  const late = open(nodeAt(10));
  late({ ...find, records: [entryOf(nodeAt(10), { sequence: 2 })] });
  expect(knows(nodeAt(10), 2)).toBe(true);
});
