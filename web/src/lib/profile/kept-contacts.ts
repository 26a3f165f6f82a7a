import type { EmergencyContact } from '@health-connect/contract';

const FIELD = '\t';
const CONTACT = '\n';
/** A field is one line, so that neither sign means anything in it. */
const plain = (text: string): string => text.replaceAll(/[\t\n]/g, ' ');

/** Contacts as they were typed, as one text to be kept in the browser. */
export const keptText = (contacts: readonly EmergencyContact[]): string =>
  contacts.map((contact) => [contact.name, contact.relationship, contact.phone].map(plain).join(FIELD)).join(CONTACT);

/** The contacts of such a text; none when there were none. */
export function readKept(text: string): EmergencyContact[] {
  if (text === '') return [];
  return text.split(CONTACT).map((line) => {
    const [name = '', relationship = '', phone = ''] = line.split(FIELD);
    return { name, relationship, phone };
  });
}
