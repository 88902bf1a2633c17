/**
 * For `npm run dev`: hands the API of a running node on to the page that Vite serves, signed in as a browser would be.
 * `KITH_DATA` names the node's profile. Nothing of this is in the built app.
 */
import { connect } from '@kith/api/client';
import { keyHeader, sessionPath } from '@kith/api/contract';
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
      // The node answers to its own origin alone, so the page borrows it.
      const headers = { cookie, origin };
      const borrowed = { target: origin, ws: true, changeOrigin: true, headers };
      return { server: { proxy: { '/api': borrowed, '/export': borrowed } } };
    },
    configureServer: ({ middlewares }) => {
      // The node hands the key out once; every page here is handed the one of this start.
      middlewares.use(sessionPath, (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.statusCode = key === undefined ? 401 : 200;
        response.end(JSON.stringify({ key: key ?? null }));
      });
    },
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
    if (cookie === undefined) throw new Error(`the node answered ${answer.status} to its own link`);
    const { origin } = new URL(url);
    const session = await fetch(`${origin}${sessionPath}`, { headers: { cookie, [keyHeader]: '' } });
    const { key } = (await session.json()) as { key: string | null };
    if (key === null) throw new Error(`the node answered ${session.status} to its own session`);
    return { origin, cookie, key };
  } catch (error) {
    console.error(
      `No node for the app to talk to: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
