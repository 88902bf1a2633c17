/** What `kith doctor` says of the mesh. */
import type { NetworkOutlook } from './contract.ts';
import type { HealthCheck } from './health.ts';
import type { MeshSettings } from './mesh.ts';

/** What the checks look at. */
export interface MeshFacts {
  outlook: { state: NetworkOutlook; detail: string };
  settings: MeshSettings;
  /** Neighbours in the overlay of all nodes, and nodes in reserve. */
  active: number;
  reserve: number;
  /** Nodes that are remembered for the next start. */
  anchors: number;
  /** There is a record of ours. */
  recorded: boolean;
}

export function meshChecks(facts: MeshFacts): HealthCheck[] {
  return [outlook(facts), views(facts), ownRecord(facts), anchors(facts)];
}

function outlook({ outlook: { state, detail }, settings }: MeshFacts): HealthCheck {
  const name = 'network outlook';
  const wide = state === 'connected' || state === 'merging';
  if (wide || (state === 'local-only' && settings.lanOnly)) return { name, status: 'ok', detail, fix: '' };
  const fix =
    state === 'alone'
      ? 'Start another node on this network, or give the address of one with --bootstrap.'
      : state === 'local-only'
        ? 'Nothing, if that is meant. Else see that this machine is online.'
        : 'See that this machine is online. What is sent now waits until others are reached.';
  return { name, status: 'warn', detail, fix };
}

function views({ active, reserve }: MeshFacts): HealthCheck {
  const nodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`);
  const detail = `${nodes(active)} in the active view of the overlay, ${nodes(reserve)} in reserve.`;
  const idle = active === 0 && reserve > 0;
  const fix = idle ? 'Nothing at the start: the nodes in reserve are tried one by one.' : '';
  return { name: 'views', status: idle ? 'warn' : 'ok', detail, fix };
}

function ownRecord({ recorded, settings }: MeshFacts): HealthCheck {
  const name = 'own record';
  const { listed, ttlMs, hopLimit } = settings;
  if (!listed) {
    const detail = 'This node publishes no record: others do not pass on where it is (--unlisted).';
    return { name, status: 'ok', detail, fix: '' };
  }
  if (!recorded) {
    const detail = 'There is no address at which others could dial this node, so it has no record.';
    return { name, status: 'warn', detail, fix: 'Name one with --listen, or join a network.' };
  }
  const minutes = Math.round(ttlMs / 60_000);
  const detail = `Other nodes may pass on where this node is: for ${minutes} minutes, over ${hopLimit} nodes at most.`;
  return { name, status: 'ok', detail, fix: '' };
}

function anchors({ anchors: count }: MeshFacts): HealthCheck {
  const detail =
    count === 0
      ? 'No neighbour is remembered for the next start yet.'
      : `Remembered for the next start: ${count === 1 ? 'one neighbour' : `${count} neighbours`}.`;
  return { name: 'anchors', status: 'ok', detail, fix: '' };
}
