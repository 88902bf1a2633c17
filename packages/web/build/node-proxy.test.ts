/** Goal: the page that `npm run dev` serves, which has the key of a session in it, is read by no page of another origin. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createServer } from 'vite';

test('pages of other ports of this machine may not read what is served here', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const server = await createServer({
    root,
    mode: 'test',
    logLevel: 'silent',
    server: { port: 0, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    await server.listen();
    const answer = await fetch(server.resolvedUrls?.local[0] ?? '', {
      headers: { origin: 'http://localhost:9999' },
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<html');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  } finally {
    await server.close();
  }
});
