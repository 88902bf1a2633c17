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
