import { render } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import CheckMail from '../account/CheckMail.svelte';
import { m } from '../paraglide/messages.js';
import Email from './Email.svelte';

it.each([
  ['demo.hospital@x.example', ['demo.', 'hospital', '@x.', 'example']],
  ['a@b', ['a', '@b']],
  ['odd..dots.@@x', ['odd..', 'dots.', '@', '@x']],
  ['none', ['none']],
])('the address %s is whole, and breaks only before "@" and after dots', (address, pieces) => {
  const bdi = render(Email, { address }).container.querySelector('bdi');
  expect(bdi?.textContent).toBe(address);
  expect(bdi?.innerHTML.replaceAll(/<!--.*?-->/g, '').split('<wbr>')).toEqual(pieces);
  expect(bdi?.dir).toBe('ltr');
});

it('stands in the sentence that tells where a mail went', () => {
  const email = 'demo@x.example';
  const words = (address: string): string => m['mail.reset']({ email: address });
  const { container } = render(CheckMail, { words, email });
  expect(container.querySelector('p')?.textContent).toBe(words(email));
  expect(container.querySelectorAll('p wbr')).toHaveLength(2);
});
