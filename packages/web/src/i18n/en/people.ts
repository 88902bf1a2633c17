/** Adding people, requests, and the page of a person. */
export const people = {
  'person.blocked': '{name} is blocked',
  'person.block': 'Block',
  'requests.none.title': 'No requests',
  'requests.none.text': 'When somebody you do not know yet adds your card, they wait here until you decide.',
  'requests.text':
    'These people have your card and ask to reach you. They see nothing of you until you accept, and are not told when you do not.',
  'requests.unverified': 'Calls themselves that; nothing is verified.',
  'requests.accept': 'Accept',
  'requests.delete': 'Delete',
  'requests.deleted': 'The request of {name} is deleted',
} as const;
