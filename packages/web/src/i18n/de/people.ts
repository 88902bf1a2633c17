import type { people as english } from '../en/people.ts';

export const people: Record<keyof typeof english, string> = {
  'person.blocked': '{name} ist blockiert',
  'person.block': 'Blockieren',
  'requests.none.title': 'Keine Anfragen',
  'requests.none.text':
    'Wenn jemand, den du noch nicht kennst, deine Karte hinzufügt, wartet die Anfrage hier, bis du entscheidest.',
  'requests.text':
    'Diese Menschen haben deine Karte und möchten dich erreichen. Sie sehen nichts von dir, bis du annimmst, und erfahren nicht, wenn du es nicht tust.',
  'requests.unverified': 'Nennt sich so; nichts ist bestätigt.',
  'requests.accept': 'Annehmen',
  'requests.delete': 'Löschen',
  'requests.deleted': 'Die Anfrage von {name} ist gelöscht',
};
