import { signUpEndpoints, type DemoAccount } from '@health-connect/contract';
import { linkInMail } from './outbox.ts';
import type { Person } from './person.ts';

/**
 * Makes the account of a patient who has never been at the clinic, as the sign-up pages do.
 * @param administrator reads the mail that confirms the address
 */
export async function newPatient(administrator: Person): Promise<DemoAccount> {
  const { signUp, confirmEmail } = signUpEndpoints;
  const account = { name: 'Noa Stern', email: 'noa.stern@hospital.example', password: 'a boat on the lake' };
  const body = { ...account, role: 'patient', dateOfBirth: '1985-03-27' };
  const made = await administrator.request(signUp.method, signUp.path, body);
  if (made.status !== signUp.status) throw new Error(`The account was not made: ${made.status}`);
  const link = await linkInMail(administrator, account.email, '/verify');
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  await administrator.request(confirmEmail.method, confirmEmail.path, { token, password: account.password });
  return { ...account, role: 'patient' };
}
