/** What two people do first, step by step, with the commands a person would type. */
import type { Contact, Message, MessageDetail } from '@kith/api/shapes';
import type { Follower, Home } from './node-process.ts';

export interface ContactAnswer {
  contact: { id: string; name: string; state: string; verified: boolean };
}

/** The card goes from `host` to `guest`; both are connected afterwards, and nobody was asked anything. */
export async function meetByOnceCard(host: Home, guest: Home): Promise<void> {
  const hostEvents = await host.follow();
  const guestEvents = await guest.follow();
  const { card } = await host.json<{ card: string }>(['card', '--once']);
  await guest.json<ContactAnswer>(['add', card]);
  await untilConnected(hostEvents, guest.name);
  await untilConnected(guestEvents, host.name);
  await hostEvents.close();
  await guestEvents.close();
}

/** @param name what the contact is called there */
export async function untilConnected(events: Follower, name: string): Promise<void> {
  await events.until(
    `${name} is connected`,
    (event) => event.event === 'contact' && event.data.name === name && event.data.state === 'connected',
  );
}

/** Waits for the message to arrive, by its text. */
export async function untilRead(events: Follower, text: string): Promise<void> {
  await events.until(
    `the message ${text}`,
    (event) => event.event === 'message' && event.data.direction === 'in' && event.data.text === text,
  );
}

/** Waits until the sender knows the end of it. */
export async function untilState(events: Follower, id: string, state: string): Promise<void> {
  await events.until(
    `${id} is ${state}`,
    (event) => event.event === 'state' && event.data.id === id && event.data.state === state,
  );
}

export async function contactOf(home: Home, name: string): Promise<Contact> {
  const contacts = await home.list<Contact>(['contacts']);
  const [contact, ...others] = contacts.filter((one) => one.name === name);
  if (contact === undefined || others.length > 0) {
    throw new Error(`not one contact is called ${name}: ${JSON.stringify(contacts)}`);
  }
  return contact;
}

/** Texts of the conversation at that side, oldest first. */
export async function textsAt(home: Home, conversation: string): Promise<string[]> {
  const rows = await home.list<Message>(['history', conversation, '--limit', '200']);
  return rows.map((row) => row.text);
}

export async function messageAt(home: Home, id: string): Promise<MessageDetail> {
  return await home.json<MessageDetail>(['message', id]);
}
