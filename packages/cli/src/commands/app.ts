import { join } from 'node:path';
import { KithError } from '@kith/api/errors';
import { noBrowserBecause, openTab, openWindow, thisDesktop } from '@kith/api/open-browser';
import type { CliContext, CommonFlags } from '../context.ts';
import { withNode } from '../session.ts';

/** Of the browser that shows the app in a window: its files, in the profile. */
const windowFolder = 'app-window';

/** Opens the web app of the running node; starts none. */
export async function app(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const { url, data } = await withNode(this, flags, async (api) => {
    const { data } = await api.node.status.query();
    return { data, ...(await api.node.webLink.mutate()) };
  });
  if (url === null) throw new KithError('failed', 'This node serves no page on this machine.');
  const desktop = { ...thisDesktop(), environment: this.environment };
  const reason = noBrowserBecause(desktop);
  const opened = reason === undefined ? await open(url, join(data, windowFolder), desktop) : undefined;
  output.show({ opened: opened ?? null, url: opened === undefined ? url : null }, () => {
    if (opened === 'window') return ['The app opens in a window of its own.'];
    if (opened === 'tab') return ['The app opens in your browser.'];
    output.talk(`No browser was opened: ${reason ?? 'none was found'}. Open this within a minute:`);
    return [url];
  });
}

async function open(
  url: string,
  folder: string,
  desktop: ReturnType<typeof thisDesktop>,
): Promise<'window' | 'tab' | undefined> {
  if (await openWindow(url, folder, desktop)) return 'window';
  return (await openTab(url, desktop)) ? 'tab' : undefined;
}
