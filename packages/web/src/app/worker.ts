/** Starts the worker that keeps the app's own files (public/worker.js), so that the app opens also while the node is away. */

/** Long after whatever the person waits for. */
const patienceMs = 3_000;
const path = '/worker.js';

interface Policy {
  createScriptURL(url: string): string;
}

declare global {
  interface Window {
    /** Not in every browser. */
    trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
    };
  }
}

/** Once, in the built app. Without a worker everything works while the node is there. */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  setTimeout(() => {
    register().catch(() => undefined);
  }, patienceMs);
}

async function register(): Promise<void> {
  // The node's policy lets one name through, and this is the one address that it stands for.
  const policy = window.trustedTypes?.createPolicy('kith', {
    createScriptURL: (url) => {
      if (url !== path) throw new TypeError('the only worker is our own');
      return url;
    },
  });
  await navigator.serviceWorker.register(policy?.createScriptURL(path) ?? path);
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  active?.postMessage(
    loaded.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname),
  );
}
