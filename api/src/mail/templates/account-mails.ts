import type { Role } from '@health-connect/contract';
import type { MailContent } from '../message.ts';
import { render } from './layout.ts';

const NOT_YOU = 'If this was not you, you can ignore this email: nothing happens without the link.';

/** Somebody signed up with this address: is it theirs? Who gets it may be another one, so it holds nothing that they typed. */
export function confirmEmailMail(address: string): MailContent {
  return render({
    subject: 'Confirm your email',
    before: [
      'Hello,',
      'please confirm that this is your email address. The link works once, for 24 hours, and asks for the password that you chose.',
    ],
    link: { label: 'Confirm my email', address },
    after: [NOT_YOU],
  });
}

/** Somebody tried to sign up with the address of an account that exists. */
export function knownAddressMail(name: string, publicUrl: string): MailContent {
  return render({
    subject: 'You already have an account',
    before: [
      `Hello ${name},`,
      'somebody tried to sign up with your email address, but you already have an account. Was it you? Then sign in.',
    ],
    link: { label: 'Sign in', address: `${publicUrl}/login` },
    after: ['If you forgot your password, set a new one there. If this was not you, you need not do anything.'],
  });
}

/** The link that sets a new password. @param name `undefined` while nobody has confirmed that the address is theirs */
export function resetPasswordMail(name: string | undefined, address: string): MailContent {
  return render({
    subject: 'Set a new password',
    before: [
      name === undefined ? 'Hello,' : `Hello ${name},`,
      'here is the link to set a new password. It works once, for 30 minutes.',
    ],
    link: { label: 'Set a new password', address },
    after: [NOT_YOU],
  });
}

/** The password is another one now. */
export function passwordChangedMail(name: string, publicUrl: string): MailContent {
  return render({
    subject: 'Your password was changed',
    before: [
      `Hello ${name},`,
      'the password of your account was changed just now, and other devices were signed out.',
      'If this was not you, set a new password at once and tell the clinic.',
    ],
    link: { label: 'Set a new password', address: `${publicUrl}/forgot` },
  });
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  patient: 'a patient',
  doctor: 'a doctor',
  staff: 'a member of the staff',
  administrator: 'an administrator',
};

/** An administrator asks somebody to join. */
export function invitationMail(role: Role, invitedBy: string, address: string): MailContent {
  return render({
    subject: 'You are invited to Health Connect',
    before: ['Hello,', `${invitedBy} invites you to join as ${ROLE_WORDS[role]}. The link works once, for 7 days.`],
    link: { label: 'Accept the invitation', address },
    after: ['If you do not expect this, you can ignore this email.'],
  });
}

/** An administrator has given the account another role. */
export function roleChangedMail(name: string, role: Role, publicUrl: string): MailContent {
  return render({
    subject: 'Your account has another role',
    before: [
      `Hello ${name},`,
      `the clinic has changed your account: you are ${ROLE_WORDS[role]} now. You were signed out on every device.`,
    ],
    link: { label: 'Sign in', address: `${publicUrl}/login` },
    after: ['If you do not expect this, tell the clinic.'],
  });
}

/** What who is signed in has done to the second factor. */
export type SecondFactorChange = 'on' | 'off' | 'replaced' | 'recovery-codes';

const SECOND_FACTOR_WORDS: Readonly<Record<SecondFactorChange, { readonly subject: string; readonly text: string }>> = {
  on: {
    subject: 'Your second step is on',
    text: 'from now on, signing in to your account also takes a code from your authenticator app.',
  },
  off: {
    subject: 'Your second step is off',
    text: 'from now on, your password alone is enough to sign in to your account.',
  },
  replaced: {
    subject: 'Your second step is on another device',
    text: 'from now on, codes come from another authenticator app. The earlier app and its recovery codes no longer work.',
  },
  'recovery-codes': {
    subject: 'You have new recovery codes',
    text: 'new recovery codes were made for your account. The earlier ones no longer work.',
  },
};

/** The second factor was changed by who is signed in. */
export function secondFactorChangedMail(name: string, change: SecondFactorChange, publicUrl: string): MailContent {
  const { subject, text } = SECOND_FACTOR_WORDS[change];
  return render({
    subject,
    before: [`Hello ${name},`, text, 'If this was not you, set a new password at once and tell the clinic.'],
    link: { label: 'Set a new password', address: `${publicUrl}/forgot` },
  });
}

/** An administrator has taken the second factor off. */
export function secondFactorResetMail(name: string, publicUrl: string): MailContent {
  return render({
    subject: 'Your second step was reset',
    before: [
      `Hello ${name},`,
      'the clinic has turned off the second step of your account, and you were signed out on every device.',
      'Sign in with your password, then set up a new second step.',
    ],
    link: { label: 'Sign in', address: `${publicUrl}/login` },
    after: ['If you did not ask for this, tell the clinic at once.'],
  });
}

/** A doctor's account is open now. */
export function approvedMail(name: string, publicUrl: string): MailContent {
  return render({
    subject: 'Your account is approved',
    before: [`Hello ${name},`, 'the clinic has approved your account. Patients can now find and book you.'],
    link: { label: 'Sign in', address: `${publicUrl}/login` },
  });
}
