import type { ApiClient } from '@kith/api/client';
import type { ExportInput, ExportPiece } from '@kith/api/conversation-shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { type NewFile, newFile } from '../new-file.ts';
import { withNode } from '../session.ts';

interface ExportFlags extends CommonFlags {
  out: string;
  format?: ExportInput['format'];
  language?: string;
  force?: boolean;
}

/** Named so since `export` is a word of the language. */
export async function exportMessages(
  this: CliContext,
  flags: ExportFlags,
  conversation?: string,
): Promise<void> {
  const { output } = this;
  const format = flags.format ?? (/\.html?$/iu.test(flags.out) ? 'html' : 'jsonl');
  const language = flags.language ?? this.environment['LANG']?.split(/[._]/u)[0];
  const file = newFile(flags.out, { replace: flags.force === true });
  try {
    const messages = await withNode(this, flags, async (api) => {
      const input = { conversation: conversation ?? null, format, language };
      return await write(api, input, { file, tell: teller((line) => output.talk(line)) });
    });
    file.keep();
    output.show({ file: flags.out, format, messages }, () => [`${messages} messages in ${flags.out}`]);
  } finally {
    file.drop();
  }
}

/** @returns how many messages were written. */
async function write(
  api: ApiClient,
  input: ExportInput,
  { file, tell }: { file: NewFile; tell: (piece: ExportPiece) => void },
): Promise<number> {
  return await new Promise((resolve, reject) => {
    let done = 0;
    const subscription = api.conversations.export.subscribe(input, {
      onData({ data }) {
        try {
          // At once: the node waits for whoever does not keep up.
          file.write(data.text);
          done = data.done;
          tell(data);
        } catch (error) {
          subscription.unsubscribe();
          reject(error);
        }
      },
      onError: (error) => reject(error),
      onComplete: () => resolve(done),
    });
  });
}

/** Says every tenth of the way. */
function teller(talk: (line: string) => void): (piece: ExportPiece) => void {
  let told = 0;
  return ({ done, total }) => {
    const tenths = total === 0 ? 10 : Math.floor((done / total) * 10);
    if (tenths <= told || tenths >= 10) return;
    told = tenths;
    talk(`${done} of ${total} messages`);
  };
}
