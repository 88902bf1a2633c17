import type { ApiClient } from '@kith/api/client';
import type { Contact, RemovedContact } from '@kith/api/shapes';
import { contactCells, contactLine, fullContact, shortContact } from '../contact-view.ts';
import type { CliContext, CommonFlags } from '../context.ts';
import { forTerminal } from '../for-terminal.ts';
import { columns } from '../output.ts';
import { withNode } from '../session.ts';

export async function list(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const found = await withNode(this, flags, async (api) => await api.contacts.list.query());
  if (output.isJson) {
    for (const contact of found) output.json(fullContact(contact));
    return;
  }
  if (found.length === 0) output.talk('No contacts yet. "kith card" makes a card to hand over.');
  for (const line of columns(found.map(contactCells))) output.line(line);
  for (const { state, name, greeting } of found) {
    if (state !== 'incoming' || greeting === '') continue;
    output.talk(`${name} writes:\n  ${forTerminal(greeting).replaceAll('\n', '\n  ')}`);
  }
}

export async function accept(this: CliContext, flags: CommonFlags, contact: string): Promise<void> {
  await change(this, flags, async (api) => await api.contacts.accept.mutate({ contact }));
}

export async function block(this: CliContext, flags: CommonFlags, contact: string): Promise<void> {
  await change(this, flags, async (api) => await api.contacts.block.mutate({ contact }));
}

export async function unblock(this: CliContext, flags: CommonFlags, contact: string): Promise<void> {
  await change(this, flags, async (api) => await api.contacts.unblock.mutate({ contact }));
}

export async function remove(this: CliContext, flags: CommonFlags, contact: string): Promise<void> {
  await change(this, flags, async (api) => await api.contacts.remove.mutate({ contact }));
}

export async function rename(
  this: CliContext,
  flags: CommonFlags,
  contact: string,
  name: string,
): Promise<void> {
  await change(this, flags, async (api) => await api.contacts.rename.mutate({ contact, name }));
}

async function change(
  context: CliContext,
  flags: CommonFlags,
  work: (api: ApiClient) => Promise<Contact | RemovedContact>,
): Promise<void> {
  const contact = await withNode(context, flags, work);
  context.output.show({ contact: shortContact(contact) }, () => [contactLine(contact)]);
}
