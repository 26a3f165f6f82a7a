import type { Party, Role } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { Parties } from '../appointments/party.ts';
import { AccessRefusal } from './refusal.ts';

/** Who asks, as far as rules go. */
export type Asker = Pick<Actor, 'accountId' | 'role' | 'status'>;

/** Somebody's own data. */
export interface Owned {
  readonly ownerId: string;
}

/** A patient's record, with the doctors who treat them: those with an appointment, as its doctor or added to it. */
export interface PatientRecord {
  readonly patientId: string;
  readonly treatingDoctorIds: readonly string[];
}

/** The signed note of a visit; drafts are for who writes them. */
export interface SignedNote extends PatientRecord {
  /** Whether the patient may read it. */
  readonly shared: boolean;
}

/** A picture of a person; `treatingDoctorIds` of a patient's. */
export interface Picture extends Owned {
  readonly ownerRole: Role;
  readonly treatingDoctorIds: readonly string[];
}

/** What can be asked for, and what must be known of it to answer. */
interface Questions {
  'appointment.view': Parties;
  'appointment.change-colleagues': Parties;
  /** Confirm, decline, call off, move. */
  'appointment.change': Parties;
  'appointment.follow-up': Parties;
  'appointment.export': Parties;
  'appointment.rate': Parties;
  'consultation.join': Parties;
  'consultation.watch': Parties;
  'consultation.close': Parties;
  'profile.view': Owned;
  'profile.change': Owned;
  'notifications.view': Owned;
  'notifications.change': Owned;
  'record.view': PatientRecord;
  /** Draft, sign, amend, share. */
  'note.write': Parties;
  'note.view': SignedNote;
  'picture.view': Picture;
  /** The own hours. */
  'schedule.change': Owned;
  'access-log.view': { readonly patientId: string };
  'session.end': Owned;
  'accounts.administer': undefined;
  'audit.search': undefined;
  'outbox.view': undefined;
}
export type Action = keyof Questions;

/** What an account is in an appointment, `undefined` for everybody who has nothing to do with it. */
export function partyOf(appointment: Parties, accountId: string): Party | undefined {
  if (accountId === appointment.doctorId) return 'doctor';
  if (accountId === appointment.patientId) return 'patient';
  return appointment.colleagueIds.includes(accountId) ? 'colleague' : undefined;
}

const isActive = ({ status }: Asker): boolean => status === 'active';
const isOwner = (asker: Asker, { ownerId }: Owned): boolean => asker.accountId === ownerId;
const isAdministrator = (asker: Asker): boolean => isActive(asker) && asker.role === 'administrator';
/** Only the two sides of appointments are told of them. */
const hasBell = ({ role }: Asker): boolean => role === 'doctor' || role === 'patient';
const isStaff = (asker: Asker): boolean => isActive(asker) && asker.role === 'staff';

/** Role and place must agree: an account whose role was changed keeps no place from before (A1, 8.3.2). */
function isParty(asker: Asker, appointment: Parties): boolean {
  if (!isActive(asker)) return false;
  const party = partyOf(appointment, asker.accountId);
  return party === 'patient' ? asker.role === 'patient' : party !== undefined && asker.role === 'doctor';
}

const isItsDoctor = (asker: Asker, appointment: Parties): boolean =>
  isParty(asker, appointment) && partyOf(appointment, asker.accountId) === 'doctor';

const isItsPatient = (asker: Asker, appointment: Parties): boolean =>
  isParty(asker, appointment) && partyOf(appointment, asker.accountId) === 'patient';

/** Its doctor or its patient: who made it with each other. */
const isSide = (asker: Asker, appointment: Parties): boolean =>
  isParty(asker, appointment) && partyOf(appointment, asker.accountId) !== 'colleague';

const treats = (asker: Asker, { treatingDoctorIds }: PatientRecord): boolean =>
  isActive(asker) && asker.role === 'doctor' && treatingDoctorIds.includes(asker.accountId);

const isPatientThemselves = (asker: Asker, patientId: string): boolean =>
  isActive(asker) && asker.role === 'patient' && asker.accountId === patientId;

type Rules = { readonly [A in Action]: (asker: Asker, resource: Questions[A]) => boolean };

/** Every rule about who may do what to what. There is no other place. */
const rules: Rules = {
  'appointment.view': isParty,
  'appointment.change-colleagues': isItsDoctor,
  'appointment.change': (asker, appointment) =>
    isParty(asker, appointment) && partyOf(appointment, asker.accountId) !== 'colleague',
  'appointment.follow-up': isItsDoctor,
  'appointment.export': isSide,
  'appointment.rate': isItsPatient,
  'consultation.join': isParty,
  'consultation.watch': isParty,
  'consultation.close': isItsDoctor,
  // The own profile also while an approval is pending: it is part of asking for one.
  'profile.view': isOwner,
  'profile.change': isOwner,
  // As the profile: whoever waits for approval fills in their hours already.
  'schedule.change': (asker, owned) => asker.role === 'doctor' && isOwner(asker, owned),
  // These tell of patients: not while an approval is pending.
  'notifications.view': (asker, owned) => isActive(asker) && hasBell(asker) && isOwner(asker, owned),
  'notifications.change': (asker, owned) => isActive(asker) && hasBell(asker) && isOwner(asker, owned),
  'record.view': (asker, record) =>
    isPatientThemselves(asker, record.patientId) || treats(asker, record) || isStaff(asker),
  'note.write': isItsDoctor,
  'note.view': (asker, note) => treats(asker, note) || (note.shared && isPatientThemselves(asker, note.patientId)),
  // Doctors show themselves to everybody who looks for one; nobody else does.
  'picture.view': (asker, { ownerId, ownerRole, treatingDoctorIds }) =>
    isOwner(asker, { ownerId }) ||
    ownerRole === 'doctor' ||
    isStaff(asker) ||
    (ownerRole === 'patient' && treats(asker, { patientId: ownerId, treatingDoctorIds })),
  'access-log.view': (asker, { patientId }) => isPatientThemselves(asker, patientId),
  'session.end': (asker, session) => isOwner(asker, session) || isAdministrator(asker),
  'accounts.administer': isAdministrator,
  'audit.search': isAdministrator,
  'outbox.view': isAdministrator,
};

/** Every rule that there is. */
export const ACTIONS: readonly string[] = Object.keys(rules);

/** Whether somebody may do something to a resource. Nothing is allowed that no rule allows. */
export function can<A extends Action>(asker: Asker, action: A, resource: Questions[A]): boolean {
  const rule: Rules[A] = rules[action];
  return rule(asker, resource);
}

/** The patient whose record something is part of, as far as it says so. */
function patientOf(resource: Questions[Action]): string | undefined {
  if (resource === undefined) return undefined;
  if ('patientId' in resource) return resource.patientId;
  return 'ownerRole' in resource && resource.ownerRole === 'patient' ? resource.ownerId : undefined;
}

/** @throws AccessRefusal `forbidden` for who may not (R31); it names the patient for the trail */
export function requireCan<A extends Action>(asker: Asker, action: A, resource: Questions[A]): void {
  if (!can(asker, action, resource)) throw new AccessRefusal(patientOf(resource));
}
