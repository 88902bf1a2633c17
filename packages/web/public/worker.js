/*
 * The app's own files for the time when the node is not there: an installed app, or a bookmark, then opens to a page that says so
 * and connects by itself, instead of to the browser's error page. Nothing that a person wrote or received is ever kept here:
 * only what every copy of Kith is made of. The node's word always goes first, so no old app outlives a new one.
 */
const cacheName = 'kith-files-1';
/** Two builds of the app, and some. Beyond it the cache begins anew. */
const filesMax = 300;
/** Hashed: such a file never changes. */
const forEver = /^\/assets\/[\w.-]+$/;
/** The others that the shell is made of. */
const shell = /^\/(first-look\.js|app\.webmanifest|favicon(-unread)?\.svg|icon-[\w-]+\.png)$/;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

/** The page tells which files it has loaded: those of its first visit came before this worker was there. */
self.addEventListener('message', (event) => {
  const { data } = event;
  if (!Array.isArray(data)) return;
  const paths = data.filter((path) => typeof path === 'string' && (forEver.test(path) || shell.test(path)));
  event.waitUntil(Promise.all(paths.slice(0, filesMax).map((path) => keepFile(path))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (forEver.test(pathname)) event.respondWith(fileForEver(request));
  else if (shell.test(pathname)) event.respondWith(fileOfShell(request));
});

async function page(request) {
  try {
    // Signed out, spent link: the node's own page, as it is.
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === 'basic' && new URL(request.url).search === '') {
      const copy = answer.clone();
      const cache = await caches.open(cacheName);
      await cache.put('/', copy);
    }
    return answer;
  } catch (error) {
    // The node alone leads to such an address, and turns away whom another page leads there: nobody answers in its place.
    const isPairing = new URL(request.url).hash.startsWith('#pairing=');
    const kept = isPairing ? undefined : await caches.match('/');
    if (kept === undefined) throw error;
    return kept;
  }
}

async function fileForEver(request) {
  return (await caches.match(request.url)) ?? (await fetchAndKeep(request));
}

async function fileOfShell(request) {
  try {
    return await fetchAndKeep(request);
  } catch (error) {
    const kept = await caches.match(request.url);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function fetchAndKeep(request) {
  const answer = await fetch(request);
  if (answer.ok && answer.type === 'basic') {
    const copy = answer.clone();
    let cache = await caches.open(cacheName);
    if ((await cache.keys()).length >= filesMax) {
      await caches.delete(cacheName);
      cache = await caches.open(cacheName);
    }
    await cache.put(request.url, copy);
  }
  return answer;
}

async function keepFile(path) {
  if ((await caches.match(path)) === undefined) await fetchAndKeep(new Request(path));
}

async function keepShell() {
  const answer = await fetch('/', { cache: 'no-cache' });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const cache = await caches.open(cacheName);
  await cache.put('/', answer);
  const paths = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  await Promise.all(paths.filter((path) => forEver.test(path) || shell.test(path)).map(keepFile));
}
