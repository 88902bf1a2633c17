/**
 * Two people on a LAN of two network namespaces without any route out and with no address given: how soon they find each
 * other, are connected again after a start, and have what was held for them. Needs root.
 */
import { meetByOnceCard, untilState } from '../test/e2e/conversation.ts';
import { createLan, namespacesMissing } from '../test/e2e/namespaces.ts';
import { createStage, type Home } from '../test/e2e/node-process.ts';
import { type Bench, type Round, within2s } from './harness/bench.ts';

export const bench: Bench = {
  about:
    'two nodes on one LAN, no route, no address given: from the start of the process `kith up --headless --json`',
  goals: [
    within2s('a first start to a link with an unknown node', 'foundMs'),
    within2s('a later start to a known contact connected', 'reconnectedMs'),
    within2s('a later start to a held message acknowledged', 'heldDeliveredMs'),
  ],
  run: async () => {
    const missing = namespacesMissing();
    if (missing !== undefined) throw new Error(missing);
    const lan = createLan({ hosts: 2, ipv4: true, ipv6: 'link-local' });
    const stage = createStage();
    try {
      const ann = stage.home('ann', { namespace: lan.hosts[0] });
      const ben = stage.home('ben', { namespace: lan.hosts[1] });
      return await measure(ann, ben);
    } finally {
      await stage.clear();
      lan.remove();
    }
  },
};

async function measure(ann: Home, ben: Home): Promise<Round> {
  await ann.up();
  const annEvents = await ann.follow(Number.MAX_SAFE_INTEGER);
  let startMs = performance.now();
  const found = annEvents.until('a LAN link', (event) => event.event === 'peer' && event.data.link === 'lan');
  const node = await ben.up();
  await found;
  const foundMs = performance.now() - startMs;

  await meetByOnceCard(ann, ben);
  await node.stop();
  const held = await ann.json<{ id: string }>(['send', 'ben', 'held']);
  const later = await ann.follow(Number.MAX_SAFE_INTEGER);
  startMs = performance.now();
  const times = Promise.all([
    later
      .until('ben is reachable', (event) => event.event === 'contact' && event.data.reachable)
      .then(() => performance.now() - startMs),
    untilState(later, held.id, 'delivered').then(() => performance.now() - startMs),
  ]);
  const again = await ben.up();
  const readyMs = performance.now() - startMs;
  const [reconnectedMs, heldDeliveredMs] = await times;
  await again.stop();
  return { figures: { foundMs, readyMs, reconnectedMs, heldDeliveredMs }, floors: {} };
}
