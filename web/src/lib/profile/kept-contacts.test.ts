import { expect, it } from 'vitest';
import { keptText, readKept } from './kept-contacts.ts';

it('keeps contacts that are half typed, and tells them apart', () => {
  const contacts = [
    { name: 'Eva Lindqvist', relationship: 'Daughter', phone: '+49 151 5550 2902' },
    { name: '', relationship: '', phone: '1' },
  ];
  expect(readKept(keptText(contacts))).toEqual(contacts);
  expect(readKept(keptText([]))).toEqual([]);
});

it('does not let a pasted tab or line make another contact', () => {
  const [contact, ...others] = readKept(keptText([{ name: 'Eva\tMaria\nX', relationship: '', phone: '1' }]));
  expect([contact?.name, others]).toEqual(['Eva Maria X', []]);
});
