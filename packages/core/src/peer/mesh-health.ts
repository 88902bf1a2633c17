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
  const found = { name, code: `outlook.${state}`, values: {}, detail } as const;
  if (wide || (state === 'local-only' && settings.lanOnly)) return { ...found, status: 'ok', fix: '' };
  const fix =
    state === 'alone'
      ? 'Start another node on this network, or give the address of one with --bootstrap.'
      : state === 'local-only'
        ? 'Nothing, if that is meant. Else see that this machine is online.'
        : 'See that this machine is online. What is sent now waits until others are reached.';
  return { ...found, status: 'warn', fix };
}

function views({ active, reserve }: MeshFacts): HealthCheck {
  const nodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`);
  const detail = `${nodes(active)} in the active view of the overlay, ${nodes(reserve)} in reserve.`;
  const idle = active === 0 && reserve > 0;
  const fix = idle ? 'Nothing at the start: the nodes in reserve are tried one by one.' : '';
  const code = idle ? 'views.idle' : 'views.filled';
  return { name: 'views', code, values: { active, reserve }, status: idle ? 'warn' : 'ok', detail, fix };
}

function ownRecord({ recorded, settings }: MeshFacts): HealthCheck {
  const name = 'own record';
  const { listed, ttlMs, hopLimit } = settings;
  if (!listed) {
    const detail = 'This node publishes no record: others do not pass on where it is (--unlisted).';
    return { name, code: 'record.unlisted', values: {}, status: 'ok', detail, fix: '' };
  }
  if (!recorded) {
    const detail = 'There is no address at which others could dial this node, so it has no record.';
    const fix = 'Name one with --listen, or join a network.';
    return { name, code: 'record.none', values: {}, status: 'warn', detail, fix };
  }
  const minutes = Math.round(ttlMs / 60_000);
  const detail = `Other nodes may pass on where this node is: for ${minutes} minutes, over ${hopLimit} nodes at most.`;
  return { name, code: 'record.listed', values: { minutes, hops: hopLimit }, status: 'ok', detail, fix: '' };
}

function anchors({ anchors: count }: MeshFacts): HealthCheck {
  const found = { name: 'anchors', status: 'ok', fix: '' } as const;
  if (count === 0) {
    const detail = 'No neighbour is remembered for the next start yet.';
    return { ...found, code: 'anchors.none', values: {}, detail };
  }
  const detail = `Remembered for the next start: ${count === 1 ? 'one neighbour' : `${count} neighbours`}.`;
  return { ...found, code: 'anchors.some', values: { count }, detail };
}
