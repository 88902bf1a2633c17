/** Two people on one local network, without a card: who chose to be seen is offered by name, as a claim, and asks like any other. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, onTestFailed, test } from 'vitest';
import { skipAloud } from '../../skip.ts';
import { createLan, namespacesMissing } from '../namespaces.ts';
import { createStage, type Home, type Stage } from '../node-process.ts';
import { assertAccessible } from './accessibility.ts';
import { chromiumMissing, chromiumPath, openBrowser } from './browser.ts';
import { message, words, write } from './person.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A browser on the machine of that home, which has no way out of its network. */
async function openOn(stage: Stage, home: Home, namespace: string): Promise<Page> {
  const starter = join(stage.folder, `browser-${home.name}`);
  writeFileSync(starter, `#!/bin/sh\nexec ip netns exec ${namespace} ${chromiumPath ?? ''} "$@"\n`);
  chmodSync(starter, 0o700);
  const browser = await openBrowser([], starter);
  cleanups.push(async () => browser.close());
  const connection = await home.connect();
  await connection.api.settings.set.mutate({ welcomed: true });
  await connection.close();
  return await browser.open(home);
}

const missing = chromiumPath === undefined ? chromiumMissing : namespacesMissing();
if (missing !== undefined) skipAloud('people near you in the app', missing);
else {
  test('who lets people nearby see them is offered by name, marked unverified, and is asked', async () => {
    const lan = createLan({ hosts: 2, ipv4: true, ipv6: 'link-local' });
    cleanups.push(() => lan.remove());
    const stage = createStage();
    cleanups.push(stage.clear);
    onTestFailed(() => console.error(stage.report()));
    const homes = lan.hosts.map((namespace, index) => stage.home(index === 0 ? 'Ann' : 'Ben', { namespace }));
    await Promise.all(homes.map(async (home) => await home.up()));
    const [ann, ben] = await Promise.all(
      homes.map(async (home, index) => await openOn(stage, home, lan.hosts[index] ?? '')),
    );
    if (ann === undefined || ben === undefined) throw new Error('two pages');
    for (const page of [ann, ben]) await page.getByRole('button', { name: 'Add somebody' }).first().click();
    await ben.getByText('Nobody on this local network shows themselves at the moment.').waitFor();
    await ann.getByRole('switch', { name: 'Let people on my local network see me' }).click();

    await ben.getByRole('button', { name: words('^Add {}', 'Ann') }).waitFor();
    await ben.getByText('Not verified').waitFor();
    await assertAccessible(ben, 'people nearby');
    await ben.getByRole('button', { name: words('^Add {}', 'Ann') }).click();
    await ann.getByRole('link', { name: /^Requests/ }).click();
    await ann.getByRole('button', { name: 'Accept' }).click();
    await ben.getByRole('button', { name: words('^Write to {}', 'Ann') }).click();
    await write(ben, 'Ann', 'So you are here too');
    await ann.getByRole('link', { name: words('^{}', 'Ben') }).click();
    await message(ann, 'So you are here too').waitFor();
  });
}
