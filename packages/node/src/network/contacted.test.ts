import { expect, test } from 'vitest';
import { ContactedList } from './contacted.ts';
import { contactedMax } from './limits.ts';

test('keeps an address once per reason, the latest last, and forgets the oldest when full', () => {
  const list = new ContactedList();
  for (let index = 0; index < contactedMax; index++) list.add(`address ${index}`, 'lan');
  list.add('address 0', 'lan');
  list.add('new', 'lan');
  const kept = list.list().map(({ address }) => address);
  expect(kept).toHaveLength(contactedMax);
  expect(kept.slice(-2)).toEqual(['address 0', 'new']);
  expect(kept).not.toContain('address 1');
});
