/** An export as JSON Lines: one object a line, of the types in docs/local-api.md. The last line says that it is whole. */
import type { ExportFrame, ExportWriter } from './pieces.ts';

/** Rises when a line changes its meaning; new keys and new types of lines do not change it. */
export const exportVersion = 1;

export function jsonLinesWriter({ own, atWallMs }: ExportFrame): ExportWriter {
  return {
    begin: (conversations) =>
      line({
        type: 'export',
        version: exportVersion,
        exportedAt: new Date(atWallMs).toISOString(),
        by: own,
        conversations: conversations.length,
      }),
    conversation: (conversation) => line({ type: 'conversation', ...conversation }),
    message: (message) => line({ type: 'message', ...message }),
    endConversation: () => '',
    end: (messages) => line({ type: 'end', messages }),
  };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
