/**
 * Compiles the texts of the catalogues when the app is built, so that the page needs no parser of them: `src/i18n/en/*.ts`, `de/*.ts`.
 */
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

const part = /\/src\/i18n\/[a-z]{2}\/[a-z]+\.ts$/;

export function compiledTexts(): Plugin {
  return {
    name: 'kith-compiled-texts',
    enforce: 'pre',
    load: async (id) => {
      const [file = ''] = id.split('?');
      if (!part.test(file)) return undefined;
      return await compiledPart(file);
    },
  };
}

/** @throws where a text is not written as ICU messages are. */
async function compiledPart(file: string): Promise<string> {
  // The query makes the module new when the file is: `vite` loads it again while it is worked on.
  const exported = (await import(`${pathToFileURL(file).href}?${String(statSync(file).mtimeMs)}`)) as Record<
    string,
    Record<string, string>
  >;
  return Object.entries(exported)
    .map(([name, texts]) => `export const ${name} = ${JSON.stringify(compiledTextsOf(texts))};`)
    .join('\n');
}

function compiledTextsOf(texts: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, compileMessageOrThrow(text)]));
}
