/**
 * For `npm run dev`: hands the API of a running node on to the page that Vite serves, signed in as a browser would be.
 * `KITH_DATA` names the node's profile. Nothing of this is in the built app.
 */
import { connect } from '@kith/api/client';
import { dataFolder } from '@kith/api/data-folder';
import type { Plugin } from 'vite';

export function nodeProxy(): Plugin {
  return {
    name: 'kith-node-proxy',
    apply: 'serve',
    config: async (_config, { mode, isPreview }) => {
      // Tests load this file too, and want no node.
      if (mode === 'test' || isPreview === true) return undefined;
      const signedIn = await signIn(dataFolder(undefined));
      if (signedIn === undefined) return undefined;
      const { origin, cookie } = signedIn;
      // The node answers to its own origin alone, so the page borrows it.
      const headers = { cookie, origin };
      return { server: { proxy: { '/api': { target: origin, ws: true, changeOrigin: true, headers } } } };
    },
  };
}

/** @returns where the node is and the cookie that it gave us; undefined where none runs. */
async function signIn(data: string): Promise<{ origin: string; cookie: string } | undefined> {
  try {
    const connection = await connect({ target: { data }, reconnect: false });
    const { url } = await connection.api.node.webLink.mutate();
    await connection.close();
    if (url === null) throw new Error('the node serves no loopback URL');
    const answer = await fetch(url, { redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    if (cookie === undefined) throw new Error(`the node answered ${answer.status} to its own link`);
    return { origin: new URL(url).origin, cookie };
  } catch (error) {
    console.error(
      `No node for the app to talk to: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
