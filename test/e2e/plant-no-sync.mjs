/**
 * Preloaded into a node by the power-cut test alone: makes every database forget to wait for the disk, so that the test
 * can show that it would see the loss. Nothing of the product knows this file.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(import.meta.dirname, '../../packages/node/package.json'));
const { prototype } = require('better-sqlite3-multiple-ciphers');
const { pragma } = prototype;
prototype.pragma = function planted(text, options) {
  const weaker = text.replace(/^synchronous\s*=.*/i, 'synchronous = OFF');
  if (weaker !== text) process.stderr.write('planted: commits do not wait for the disk\n');
  return pragma.call(this, weaker, options);
};
