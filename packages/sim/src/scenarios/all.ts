/** The table of scenarios, loaded one by one: who asks for a name need not load the protocols. */
import type { Scenario } from '../scenario.ts';

/** Scenarios by name; the order is that of lists and of reports. */
export type ScenarioTable = Readonly<Record<string, () => Promise<Scenario>>>;

export const scenarios: ScenarioTable = {
  overlay: async () => (await import('./overlay.ts')).overlay,
  broadcast: async () => (await import('./broadcast.ts')).broadcast,
  'broadcast-machines': async () => (await import('./broadcast-machines.ts')).broadcastMachines,
  survival: async () => (await import('./survival.ts')).survival,
  nat: async () => (await import('./nat.ts')).nat,
  hunted: async () => (await import('./hunted.ts')).hunted,
  churn: async () => (await import('./churn.ts')).churn,
  sybil: async () => (await import('./sybil.ts')).sybil,
  eclipse: async () => (await import('./eclipse.ts')).eclipse,
  idle: async () => (await import('./idle.ts')).idle,
  moving: async () => (await import('./moving.ts')).moving,
  'partition-and-heal': async () => (await import('./partition-and-heal.ts')).partitionAndHeal,
  crash: async () => (await import('./crash.ts')).crash,
  'hostile-bytes': async () => (await import('./hostile-bytes.ts')).hostileBytes,
  'key-space': async () => (await import('./key-space.ts')).keySpace,
  'key-space-million': async () => (await import('./key-space.ts')).keySpaceMillion,
  'key-space-churn': async () => (await import('./key-space-churn.ts')).keySpaceChurn,
};
