import { expect, test } from 'vitest';
import type { LinksInput } from '../protocol/links/links-contract.ts';
import { MeshWants } from './mesh-wants.ts';

const topic = '5a'.repeat(16);
const place = (number: number): { addresses: string[] } => ({ addresses: [`/ip4/11.0.0.${number}/tcp/1`] });

/** What is wanted in the end. */
function wantedAfter(use: (wants: MeshWants) => void): string[] {
  const wanted = new Map<string, string>();
  const wants = new MeshWants((input: LinksInput) => {
    if (input.type === 'want') wanted.set(input.id, input.addresses.join());
    if (input.type === 'unwant') wanted.delete(input.id);
  });
  use(wants);
  return [...wanted.values()];
}

test('who follows again by way of fewer peers looks for these alone', () => {
  const addresses = wantedAfter((wants) => {
    wants.followed(topic, [place(1), place(2), place(3)]);
    wants.followed(topic, [place(4)]);
  });
  expect(addresses).toEqual(['/ip4/11.0.0.4/tcp/1']);
});

test('a topic that is left, and anchors that are replaced, are looked for no longer', () => {
  const addresses = wantedAfter((wants) => {
    wants.followed(topic, [place(1)]);
    wants.anchors([place(2), place(3)], false);
    wants.unfollowed(topic);
    wants.anchorsReplaced();
  });
  expect(addresses).toEqual([]);
});

test('anchors are looked for three at a time, more whenever nobody else is left to ask', () => {
  const anchors = [1, 2, 3, 4, 5, 6, 7, 8].map(place);
  const asked = (times: number): number =>
    wantedAfter((wants) => {
      for (let time = 0; time < times; time++) wants.anchors(anchors, true);
    }).length;
  expect([1, 2, 3, 4].map(asked)).toEqual([3, 6, 8, 8]);
});
