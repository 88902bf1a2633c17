/** One person: who they are to us, and what can be done. */
import { useParams } from '@tanstack/react-router';
import { useContact } from '../data/contacts.ts';
import { NotFound } from '../app/lost.tsx';
import { Page, Section } from '../shell/page.tsx';

export function PersonPage() {
  const { contact: id = '' } = useParams({ strict: false });
  const contact = useContact(id);
  if (contact === undefined) return <NotFound />;
  return (
    <Page title={contact.name}>
      <Section>{contact.claimedName}</Section>
    </Page>
  );
}
