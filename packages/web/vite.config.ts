/** Builds the web app into dist, which the node serves as it is; `vite` alone serves it for work on it. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import { compiledTexts } from './build/compiled-texts.ts';
import { compressed } from './build/compressed.ts';
import { emojiLists } from './build/emoji-lists.ts';
import { nodeProxy } from './build/node-proxy.ts';

const config: UserConfig = defineConfig({
  // In work the page has the key of a session in it: no page of another port may read it.
  server: { cors: false },
  plugins: [react(), tailwindcss(), emojiLists(), compiledTexts(), compressed(), nodeProxy()],
  build: {
    // No browser without nesting, :has and oklch shows the app as it is meant.
    target: ['chrome120', 'firefox121', 'safari17.2'],
    // The policy of the page allows no `data:`, and every browser above preloads by itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

export default config;
