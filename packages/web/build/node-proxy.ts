/**
 * For `npm run dev`: hands the API of a running node on to the page that Vite serves, signed in as a browser would be.
 * `KITH_DATA` names the node's profile. Nothing of this is in the built app.
 */
import { keyName, SessionKey, type KeyStorage } from '@kith/api/browser-key';
import { connect } from '@kith/api/client';
import { questionHeader, sessionPath } from '@kith/api/contract';
import { dataFolder } from '@kith/api/data-folder';
import type { Plugin } from 'vite';

export function nodeProxy(): Plugin {
  let key: string | undefined;
  return {
    name: 'kith-node-proxy',
    apply: 'serve',
    config: async (_config, { mode, isPreview }) => {
      // Tests load this file too, and want no node.
      if (mode === 'test' || isPreview === true) return undefined;
      const signedIn = await signIn(dataFolder(undefined));
      if (signedIn === undefined) return undefined;
      const { origin, cookie } = signedIn;
      key = signedIn.key;
      // The node answers to its own origin alone, so the page borrows it; and proofs name its port, not Vite's.
      const headers = { cookie, origin };
      const borrowed = { target: origin, ws: true, changeOrigin: true, headers };
      return {
        define: { 'import.meta.env.VITE_NODE_PORT': JSON.stringify(new URL(origin).port) },
        server: { proxy: { '/api': borrowed, '/export': borrowed, [sessionPath]: borrowed } },
      };
    },
    // Every page here is handed the key of this start: a link leads to the node's own page.
    transformIndexHtml: () =>
      key === undefined
        ? []
        : [
            {
              tag: 'script',
              children: `localStorage.setItem('${keyName}', '${key}')`,
              injectTo: 'head-prepend',
            },
          ],
  };
}

/** @returns where the node is and both halves of a session; undefined where none runs. */
async function signIn(data: string): Promise<{ origin: string; cookie: string; key: string } | undefined> {
  try {
    const connection = await connect({ target: { data }, reconnect: false });
    const { url } = await connection.api.node.webLink.mutate();
    await connection.close();
    if (url === null) throw new Error('the node serves no loopback URL');
    const answer = await fetch(url, { redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    const secret = /#pairing=(.*)$/.exec(answer.headers.get('location') ?? '')?.[1];
    if (cookie === undefined || secret === undefined)
      throw new Error(`the node answered ${answer.status} to its own link`);
    const { origin, port } = new URL(url);
    const kept = new Map<string, string>();
    const question = await new SessionKey(storageIn(kept), port, secret).question();
    const headers = { cookie, [questionHeader]: question.header };
    const session = await fetch(`${origin}${sessionPath}`, { headers });
    const outcome = await question.judge(await session.json());
    const key = kept.get(keyName);
    if (typeof outcome === 'string' || key === undefined)
      throw new Error(`the node answered ${session.status} to its own session`);
    return { origin, cookie, key };
  } catch (error) {
    console.error(
      `No node for the app to talk to: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

function storageIn(kept: Map<string, string>): KeyStorage {
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}
