/** What the node is made to say for the screens: states of people and of the network that would take days or a thief. */
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Contact, MessageState, NetworkOutlook, Peer } from '@kith/api/shapes';
import type { Reach } from '@kith/api/settings-shapes';
import type { Altered } from './altered-answers.ts';

/** How Ben stands to Ann, and their conversation. */
export function benIs(contact: Partial<Contact>, conversation: Partial<Conversation> = {}): Altered {
  const ofContact = (each: Contact): Contact => (each.name === 'Ben' ? { ...each, ...contact } : each);
  const of = (each: Conversation): Conversation =>
    each.name === 'Ben'
      ? { ...each, contact: each.contact === null ? null : ofContact(each.contact), ...conversation }
      : each;
  return {
    'contacts.list': (contacts) => contacts.map(ofContact),
    'conversations.list': (list) => list.map(of),
    'conversations.get': of,
    'conversations.markRead': of,
  };
}

export function outlookIs(state: NetworkOutlook): Altered {
  return { 'node.status': (status) => ({ ...status, outlook: { ...status.outlook, state } }) };
}

/** What was sent last never arrived. */
export function ownAre(state: MessageState, reason: string): Altered {
  return {
    'messages.page': (page) => ({
      ...page,
      messages: page.messages.map((each) => (each.direction === 'out' ? { ...each, state, reason } : each)),
    }),
  };
}

export function reachIs(reach: Partial<Reach>): Altered {
  return { 'contacts.reach': (said) => ({ ...said, failures: 3, ...reach }) };
}

/** A network of some size, in each way of being linked. */
export const network: Altered = {
  'network.peers': () =>
    Array.from({ length: 40 }, (_, index): Peer => {
      const link = index < 2 ? 'lan' : index < 7 ? 'direct' : index < 8 ? 'relayed' : 'none';
      return {
        id: `12D3KooW${String(index * 7_919).padStart(8, '0')}`,
        addresses: [`/ip4/192.0.2.${String(index + 1)}/tcp/4001`],
        lastSeen: new Date().toISOString(),
        score: (index % 5) / 5,
        link,
        record: null,
        view: link === 'none' ? 'passive' : 'active',
      };
    }),
  'network.doctor': (doctor) => ({
    ...doctor,
    checks: [
      ...doctor.checks,
      {
        name: 'lan',
        code: 'lan-silent',
        values: { heard: 2, port: 4001 },
        status: 'fail',
        detail: '',
        fix: '-',
      },
    ],
    contacted: (['lan', 'bootstrap', 'contact', 'neighbour', 'question'] as const).map((reason, index) => ({
      address: `/ip6/2001:db8:85a3:8d3:1319:8a2e:370:${String(7340 + index)}/tcp/4001/p2p/12D3KooWQY1f`,
      reason,
      why: '',
      at: new Date(Date.now() - index * 47 * 60_000).toISOString(),
    })),
  }),
};
