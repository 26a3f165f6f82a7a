import type { Role } from '@health-connect/contract';
import type { Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import type { AccountRepository, NewAccount } from './account.repository.ts';
import type { LinkPurpose } from './link-token.model.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';

interface Parts {
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly links: LinkTokenRepository;
}

/** What is known of a person besides the account when it is made. */
export interface FirstFacts {
  readonly dateOfBirth?: string;
  readonly specialization?: string;
}

/** Makes an account together with the profile of its role. */
export async function insertAccount(
  { accounts, doctors, patients }: Parts,
  account: NewAccount,
  { dateOfBirth = '', specialization = '' }: FirstFacts,
  transaction: Transaction,
): Promise<string> {
  const id = await accounts.insert(account, transaction);
  if (account.role === 'patient') await patients.insertNew(id, dateOfBirth, transaction);
  if (account.role === 'doctor') await doctors.insertNew(id, specialization, transaction);
  return id;
}

/** Makes the profile of a role that an account did not have before; one from earlier is kept. */
export async function insertProfile(
  { doctors, patients }: Pick<Parts, 'doctors' | 'patients'>,
  { id, role }: { readonly id: string; readonly role: Role },
  transaction: Transaction,
): Promise<void> {
  if (role === 'patient' && (await patients.byId(id, transaction)) === undefined) {
    await patients.insertNew(id, null, transaction);
  }
  if (role === 'doctor' && (await doctors.byId(id, transaction)) === undefined) {
    await doctors.insertNew(id, '', transaction);
  }
}

/**
 * Takes away an account that nobody has confirmed, so that its address is free for the one who can.
 * @param purposes of the links that are void with it
 */
export async function removeUnconfirmed(
  { lifecycle, doctors, patients, links }: Omit<Parts, 'accounts'>,
  account: { readonly id: string; readonly role: Role },
  purposes: readonly LinkPurpose[],
  transaction: Transaction,
): Promise<void> {
  await lifecycle.removeUnconfirmed(account.id, transaction);
  await patients.remove(account.id, transaction);
  await doctors.remove(account.id, transaction);
  await links.void(account.id, purposes, transaction);
}
