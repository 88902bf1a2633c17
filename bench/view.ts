/**
 * How soon a newcomer has its neighbours: on a LAN, knowing nobody, and elsewhere, knowing one address. Namespaces
 * without any route out. Needs root.
 */
import { MeshProcess, type MeshOptions } from '../test/e2e/mesh-process.ts';
import { createLan, namespacesMissing } from '../test/e2e/namespaces.ts';
import { createWan } from '../test/e2e/wan.ts';
import { type Bench, within2s } from './harness/bench.ts';

/** Who is there before the newcomer. */
const others = 7;
/** Below that many neighbours a node looks for more: then it has its view. */
const viewMin = 5;
/** So many start at a time. */
const together = 4;

export const bench: Bench = {
  about: `a newcomer to ${others} nodes: from the start of its process to ${viewMin} neighbours in the overlay`,
  goals: [
    within2s('on a LAN, knowing nobody', 'lanViewMs'),
    within2s('in another subnet than all others, knowing one of them', 'wanViewMs'),
  ],
  run: async () => {
    const missing = namespacesMissing();
    if (missing !== undefined) throw new Error(missing);
    const onLan = await measureLan();
    const elsewhere = await measureWan();
    const figures = {
      lanReadyMs: onLan.readyMs,
      lanViewMs: onLan.viewMs,
      wanReadyMs: elsewhere.readyMs,
      wanViewMs: elsewhere.viewMs,
    };
    return { figures, floors: {} };
  },
};

interface Newcomer {
  readyMs: number;
  viewMs: number;
}

async function measureLan(): Promise<Newcomer> {
  const lan = createLan({ hosts: others + 1, ipv4: true, ipv6: 'link-local' });
  try {
    return await measure((node) => [lan.hosts[node], { listen: [], bootstrap: [], lan: 'on' }]);
  } finally {
    lan.remove();
  }
}

async function measureWan(): Promise<Newcomer> {
  const wan = createWan(others + 1);
  const address = (node: number): string => `/ip4/${wan.address(node)}/tcp/4001`;
  try {
    // Each knows the one before it, so that the newcomer's is no hub.
    return await measure((node) => [
      wan.hosts[node],
      { listen: [address(node)], bootstrap: node === 0 ? [] : [address(node - 1)] },
    ]);
  } finally {
    wan.remove();
  }
}

async function measure(
  place: (node: number) => [namespace: string | undefined, options: MeshOptions],
): Promise<Newcomer> {
  const nodes: MeshProcess[] = [];
  try {
    for (let node = 0; node < others; node += 1) {
      nodes.push(new MeshProcess(...place(node)));
      if (node % together === together - 1) await Promise.all(nodes.map((each) => each.ready()));
    }
    await Promise.all(nodes.map((each) => each.untilView(viewMin)));
    const startMs = performance.now();
    const newcomer = new MeshProcess(...place(others));
    nodes.push(newcomer);
    await newcomer.ready();
    const readyMs = performance.now() - startMs;
    await newcomer.untilView(viewMin);
    return { readyMs, viewMs: performance.now() - startMs };
  } finally {
    await Promise.all(nodes.map((each) => each.kill()));
  }
}
