/** Goal: the doctor says of the mesh what is so, and what to do where something is amiss. */
import { expect, test } from 'vitest';
import { meshChecks, type MeshFacts } from './mesh-health.ts';

const settings = { ttlMs: 7_200_000, hopLimit: 6, listed: true, lanOnly: false };
const well: MeshFacts = {
  outlook: { state: 'connected', detail: 'Connected.' },
  settings,
  active: 6,
  reserve: 1,
  anchors: 2,
  recorded: true,
};

function found(facts: Partial<MeshFacts>, name: string): { status: string; detail: string; fix: string } {
  return meshChecks({ ...well, ...facts }).find((check) => check.name === name)!;
}

test('all is well', () => {
  const checks = meshChecks(well);
  expect(checks.map(({ name }) => name)).toEqual(['network outlook', 'views', 'own record', 'anchors']);
  expect(checks.every(({ status, fix }) => status === 'ok' && fix === '')).toBe(true);
  expect(found({}, 'views').detail).toBe('6 nodes in the active view of the overlay, 1 node in reserve.');
});

test('each outlook that is not good says what may be done; local only is good where it was asked for', () => {
  for (const state of ['alone', 'local-only', 'probably-cut-off'] as const) {
    const { status, fix } = found({ outlook: { state, detail: state } }, 'network outlook');
    expect([status, fix === ''], state).toEqual(['warn', false]);
  }
  const outlook = { state: 'local-only', detail: 'Local only.' } as const;
  expect(found({ outlook, settings: { ...settings, lanOnly: true } }, 'network outlook').status).toBe('ok');
});

test('no record is meant, or a lack of addresses', () => {
  expect(found({ settings: { ...settings, listed: false }, recorded: false }, 'own record').status).toBe(
    'ok',
  );
  expect(found({ recorded: false }, 'own record').status).toBe('warn');
});

test('nobody in the active view while others are known is a warning', () => {
  expect(found({ active: 0 }, 'views').status).toBe('warn');
  expect(found({ active: 0, reserve: 0 }, 'views').status).toBe('ok');
});
