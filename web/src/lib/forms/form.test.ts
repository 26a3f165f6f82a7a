import { ProductError } from '@health-connect/contract';
import { render } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import Form from './Form.svelte';

it.each([
  [20, 'Wait 20 seconds, then try again.'],
  [1, 'Wait 1 second, then try again.'],
  [61, 'Wait 2 minutes, then try again.'],
  [3_600, 'Wait 60 minutes, then try again.'],
  [undefined, 'Wait 5 minutes, then try again.'],
])('says how long to wait after too many attempts: %s s', async (seconds, text) => {
  const options = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  const send = () => Promise.reject(new ProductError('rate_limited', options));
  const { container, findByText } = render(Form, { send, submit: 'Send' });
  container.querySelector('form')?.requestSubmit();
  expect(await findByText(text)).toBeDefined();
});

it('says how long to wait where the server cannot do it now', async () => {
  const send = () => Promise.reject(new ProductError('unavailable', { retryAfterSeconds: 5 }));
  const { container, findByText } = render(Form, { send, submit: 'Send' });
  container.querySelector('form')?.requestSubmit();
  expect(await findByText('Something went wrong on our side. Wait 5 seconds, then try again.')).toBeDefined();
});
