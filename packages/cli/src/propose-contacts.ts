/** Names of contacts for a shell that completes. */
import type { CliContext } from './context.ts';

/** Names that begin with `partial`. None where no node runs: a shell is not the place to talk about it. */
export async function proposeContacts(this: CliContext, partial: string): Promise<readonly string[]> {
  const [{ withNode }, { onOneLine }] = await Promise.all([
    import('./session.ts'),
    import('./for-terminal.ts'),
  ]);
  try {
    const contacts = await withNode(this, {}, async (api) => await api.contacts.list.query());
    return contacts.map(({ name }) => onOneLine(name)).filter((name) => name.startsWith(partial));
  } catch {
    return [];
  }
}
