import { type ErrorCode, ProductError } from '@health-connect/contract';
import { fireEvent, render } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '#lib/paraglide/messages.js';
import ConfirmPage from './testing/ConfirmPage.svelte';

const CONFIRM = '/api/auth/email/confirm';
const LOGIN = '/api/auth/login';
const EMAIL = 'noa@clinic.org';

const ok = (body: unknown) => () => ({ status: 200, body });
const refused = (code: ErrorCode) => () => {
  const refusal = new ProductError(code);
  return { status: refusal.status, body: { error: refusal.toFailure('r') } };
};
const confirmed = (status: string) => ok({ status, email: EMAIL });
const account = {
  id: 'a'.repeat(24),
  role: 'patient',
  name: 'Noa Stern',
  email: EMAIL,
  status: 'active',
  avatarId: null,
  timeZone: null,
};

/** Types the password and sends it. */
async function send(answers: Record<string, () => { status: number; body: unknown }>) {
  const [ondone, onended] = [vi.fn(), vi.fn()];
  const shown = render(ConfirmPage, { answers, ondone, onended });
  await fireEvent.input(shown.getByLabelText(m['login.password']()), { target: { value: 'a boat on the lake' } });
  await fireEvent.click(shown.getByRole('button', { name: m['verify.submit']() }));
  return { ...shown, ondone, onended };
}

it.each([
  ['is signed in', ok({ status: 'signed-in', account }), true],
  ['still has a second step to take', ok({ status: 'second-factor-setup', ticket: 't'.repeat(43) }), false],
  ['cannot be signed in just now', refused('unavailable'), false],
])('whoever confirms the address by their password %s', async (_what, login, isIn) => {
  const { ondone } = await send({ [CONFIRM]: confirmed('active'), [LOGIN]: login });
  await vi.waitFor(() => expect(ondone).toHaveBeenCalledWith({ status: 'active', isIn }));
});

it('another password than that of the sign-up is refused in words, and can be tried again', async () => {
  let tries = 0;
  const answer = () => {
    tries += 1;
    return tries === 1 ? refused('password_wrong')() : confirmed('pending')();
  };
  const login = ok({ status: 'signed-in', account: { ...account, role: 'doctor', status: 'pending' } });
  const { ondone, findByText, getByRole } = await send({ [CONFIRM]: answer, [LOGIN]: login });
  expect(await findByText(m['verify.wrong']())).toBeTruthy();
  expect(ondone).not.toHaveBeenCalled();
  await fireEvent.click(getByRole('button', { name: m['verify.submit']() }));
  await vi.waitFor(() => expect(ondone).toHaveBeenCalledWith({ status: 'pending', isIn: true }));
});

it('a link that works no more says so', async () => {
  const { onended, ondone } = await send({ [CONFIRM]: refused('link_expired') });
  await vi.waitFor(() => expect(onended).toHaveBeenCalledOnce());
  expect(ondone).not.toHaveBeenCalled();
});

it('does not sign somebody else out of the device on which the mail was opened', async () => {
  const login = vi.fn(ok({ status: 'signed-in', account }));
  const me = vi.fn(ok({ account: { ...account, id: 'b'.repeat(24), email: 'dana@clinic.org' } }));
  const { ondone } = await send({ '/api/auth/me': me, [CONFIRM]: confirmed('active'), [LOGIN]: login });
  expect(me).toHaveBeenCalled();
  await vi.waitFor(() => expect(ondone).toHaveBeenCalledWith({ status: 'active', isIn: false }));
  expect(login).not.toHaveBeenCalled();
});
