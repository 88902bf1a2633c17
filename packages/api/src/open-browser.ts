/**
 * Opens the web app in a browser of this machine: in a window of its own, or in a tab. Programs are started with their
 * arguments as they are, never through a shell. What they are started with can be seen by other users of the machine
 * for as long as they run (`ps`), so an address given here may hold a code that works once, and nothing that lasts.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The part of the machine that decides; tests pass another. */
export interface Desktop {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
}

/** A program that is still there after this long has not failed. A guess: xdg-open ends within a second. */
const failureMsMax = 3_000;

export function thisDesktop(): Desktop {
  return { platform: process.platform, environment: process.env };
}

/** Why no browser is opened by itself: a word for the person's question, or undefined where one may be. */
export function noBrowserBecause({ platform, environment }: Desktop): string | undefined {
  const has = (name: string): boolean => (environment[name] ?? '') !== '';
  if (has('KITH_NO_OPEN') && environment['KITH_NO_OPEN'] !== '0') return 'KITH_NO_OPEN is set';
  if (has('CI')) return 'this runs in CI';
  if (platform === 'linux' || platform.endsWith('bsd')) {
    return has('DISPLAY') || has('WAYLAND_DISPLAY') ? undefined : 'there is no desktop here';
  }
  // The desktop of macOS and Windows is that of whoever sits before the machine.
  return has('SSH_CONNECTION') || has('SSH_TTY') ? 'this is a session from afar' : undefined;
}

/** Opens a tab in the person's own browser. @returns whether a program was found that did. */
export async function openTab(url: string, desktop: Desktop = thisDesktop()): Promise<boolean> {
  const { platform } = desktop;
  if (platform === 'darwin') return await start('/usr/bin/open', [url], desktop);
  if (platform === 'win32') {
    // `start` would be a word of the shell.
    const root = desktop.environment['SystemRoot'] ?? 'C:\\Windows';
    return await start(`${root}\\System32\\rundll32.exe`, ['url.dll,FileProtocolHandler', url], desktop);
  }
  const opener = findProgram(['xdg-open'], desktop);
  return opener !== undefined && (await start(opener, [url], desktop));
}

/**
 * Opens a window without tabs and address, of a browser of the Chromium family. It gets a folder of its own in the
 * profile, which lasts: cookies of other pages, extensions and a history that is copied elsewhere stay out of it.
 *
 * @param folder - Of that browser's files; made where it is missing, for nobody else.
 * @returns whether there is such a browser and it started.
 */
export async function openWindow(
  url: string,
  folder: string,
  desktop: Desktop = thisDesktop(),
): Promise<boolean> {
  const browser = findChromium(desktop);
  if (browser === undefined) return false;
  const own: string[] = [];
  if (!isConfined(browser)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    own.push(`--user-data-dir=${folder}`, '--no-first-run', '--no-default-browser-check');
  }
  return await start(browser, [`--app=${url}`, ...own], desktop);
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'brave-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'vivaldi-stable',
];
const macPrograms = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Brave Browser.app/Contents/MacOS/Brave Browser',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'Vivaldi.app/Contents/MacOS/Vivaldi',
];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Vivaldi\\Application\\vivaldi.exe',
];

/** @returns the absolute path of a browser of the Chromium family, the best known first. */
export function findChromium(desktop: Desktop): string | undefined {
  const { platform, environment } = desktop;
  if (platform === 'darwin') {
    const folders = ['/Applications', join(environment['HOME'] ?? '/', 'Applications')];
    return folders.flatMap((folder) => macPrograms.map((name) => join(folder, name))).find(isProgram);
  }
  if (platform === 'win32') {
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap(
      (name) => environment[name] ?? [],
    );
    return folders.flatMap((folder) => windowsPrograms.map((name) => `${folder}\\${name}`)).find(isProgram);
  }
  return findProgram(linuxNames, desktop);
}

/** In the folders of PATH that are absolute: what lies where we happen to stand is not run. */
function findProgram(names: readonly string[], { environment }: Desktop): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there, or not ours to run: the next one.
  }
}

/** A snap may not write into hidden folders, such as that of a profile. */
function isConfined(program: string): boolean {
  return [program, realpathSync(program)].some((path) => path.startsWith('/snap/') || path.endsWith('/snap'));
}

/** Starts a program that outlives us. @returns false when it cannot be started or ends at once with a failure. */
async function start(program: string, args: string[], { environment }: Desktop): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(program, args, { detached: true, stdio: 'ignore', env: withoutOurs(environment) });
  const deadline = setTimeout(() => resolve(true), failureMsMax);
  child.once('error', () => resolve(false));
  child.once('exit', (code) => resolve(code === 0));
  const hasStarted = await promise;
  clearTimeout(deadline);
  child.unref();
  return hasStarted;
}

/** A browser needs nothing that npm and we set for ourselves. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(?:npm_|NODE_|KITH_|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
