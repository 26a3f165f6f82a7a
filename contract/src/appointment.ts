import { z } from 'zod';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';
import { appointmentModeSchema } from './mode.ts';
import { noteStateSchema } from './visit-note.ts';
import { ratingSchema } from './rating.ts';
import { paragraph } from './text.ts';
import { calendarDateSchema, wallTimeSchema } from './time.ts';

/**
 * Stored states of an appointment (R22).
 * - `pending`: asked for, or proposed; somebody (`awaiting`) has to answer
 * - `scheduled`: agreed
 * - `completed`: over; `outcome` says whether the two met
 * - `cancelled`: called off, declined, or not answered in time; `ending` says by whom and why
 * - `rescheduled`: the end of the old appointment; the new time is an appointment of its own (`movedToId`)
 */
export const APPOINTMENT_STATUSES = ['pending', 'scheduled', 'completed', 'cancelled', 'rescheduled'] as const;
export const appointmentStatusSchema = z.enum(APPOINTMENT_STATUSES);
export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>;

/** What somebody is in a consultation. Decides the word on the tile and the grants of the join token. */
export const PARTIES = ['doctor', 'patient', 'colleague'] as const;
export const partySchema = z.enum(PARTIES);
export type Party = z.infer<typeof partySchema>;

/** The two who make an appointment with each other. */
export const sideSchema = z.enum(['doctor', 'patient']);
export type Side = z.infer<typeof sideSchema>;

/** Who can bring a change of status about; `awaited` is the side that has to answer, `system` the product itself. */
export const CHANGERS = ['doctor', 'patient', 'awaited', 'system'] as const;
export type Changer = (typeof CHANGERS)[number];

/** Where in its time an appointment is: before its start, from then to its end, after that. */
export type AppointmentPhase = 'coming' | 'running' | 'over';

/** Where in its time an appointment is at an instant. */
export function phaseOf({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, nowMs: number): AppointmentPhase {
  if (nowMs < startsAt.getTime()) return 'coming';
  return nowMs < endsAt.getTime() ? 'running' : 'over';
}

interface TransitionRule {
  readonly from: readonly AppointmentStatus[];
  readonly to: AppointmentStatus;
  readonly by: readonly Changer[];
  /** When in its time it can be done; at any time where it is not said. */
  readonly during?: readonly AppointmentPhase[];
  /** Sooner, too, once the patient has been in its call. */
  readonly soonerOncePatientCame?: true;
  /** Those of `by` who may do it only as long as not both sides have been in its call. */
  readonly untilBothCame?: readonly Changer[];
  /** Those of `by` who may do it only once both have been. */
  readonly onceBothCame?: readonly Changer[];
}

/**
 * Every change of an appointment's status, as data: server, client and documents read this one table.
 * - `confirm`: agree to a time; for a proposal this moves the appointment that it replaces
 * - `decline`: say no to a request or a proposal, with a reason
 * - `cancel`: call it off, with a reason; the product itself does where the account of a side was closed
 * - `move`: the time was given up for another one that both agreed to
 * - `complete`: the two met, and the doctor has ended it, or left it unended long after its end
 * - `miss`: nobody came, or only one did
 * - `expire`: nobody answered before the time came
 *
 * What both came to has taken place: it is not called off or moved any more, it ends as a visit does. So does what is
 * over, whoever came. Nothing is agreed to once it has begun; nobody can have missed it before, and it is completed
 * before only if the patient came.
 */
export const APPOINTMENT_TRANSITIONS = {
  confirm: { from: ['pending'], to: 'scheduled', by: ['awaited'], during: ['coming'] },
  decline: { from: ['pending'], to: 'cancelled', by: ['awaited'], untilBothCame: ['awaited'] },
  cancel: {
    from: ['pending', 'scheduled'],
    to: 'cancelled',
    by: ['doctor', 'patient', 'system'],
    during: ['coming', 'running'],
    untilBothCame: ['doctor', 'patient', 'system'],
  },
  move: {
    from: ['pending', 'scheduled'],
    to: 'rescheduled',
    by: ['system'],
    during: ['coming', 'running'],
    untilBothCame: ['system'],
  },
  complete: {
    from: ['scheduled'],
    to: 'completed',
    by: ['doctor', 'system'],
    during: ['running', 'over'],
    soonerOncePatientCame: true,
    onceBothCame: ['system'],
  },
  miss: {
    from: ['scheduled'],
    to: 'completed',
    by: ['doctor', 'system'],
    during: ['running', 'over'],
    untilBothCame: ['system'],
  },
  expire: { from: ['pending'], to: 'cancelled', by: ['system'] },
} as const satisfies Readonly<Record<string, TransitionRule>>;

export const APPOINTMENT_CHANGES = [
  'confirm',
  'decline',
  'cancel',
  'move',
  'complete',
  'miss',
  'expire',
] as const satisfies readonly (keyof typeof APPOINTMENT_TRANSITIONS)[];
export const appointmentChangeSchema = z.enum(APPOINTMENT_CHANGES);
export type AppointmentChange = z.infer<typeof appointmentChangeSchema>;

/** What the rules about changes look at. */
export interface ChangeFacts {
  readonly status: AppointmentStatus;
  readonly awaiting: Side | null;
  /** Where in its time it is. */
  readonly phase: AppointmentPhase;
  /** Whether the patient has been in its call. */
  readonly patientCame: boolean;
  /** Whether both sides have been in its call. */
  readonly bothCame: boolean;
  /** For a proposal: the appointment that it would replace. */
  readonly replaces?: Omit<ChangeFacts, 'replaces'> | undefined;
}

const ruleOf = (change: AppointmentChange): TransitionRule => APPOINTMENT_TRANSITIONS[change];

const isAmong = (changers: readonly Changer[] = [], by: Side | 'system'): boolean =>
  changers.includes(by) || (by !== 'system' && changers.includes('awaited'));

/** Whether both must have been in the call for a change, or must not; `undefined` where it does not matter. */
export function bothMustHaveCome(change: AppointmentChange, by: Side | 'system'): boolean | undefined {
  const { untilBothCame, onceBothCame } = ruleOf(change);
  if (isAmong(untilBothCame, by)) return false;
  return isAmong(onceBothCame, by) ? true : undefined;
}

/** Whether a change can be made at the time at which the appointment is. */
function isTimely(change: AppointmentChange, { phase, patientCame }: ChangeFacts): boolean {
  const { during, soonerOncePatientCame } = ruleOf(change);
  return during === undefined || during.includes(phase) || (soonerOncePatientCame === true && patientCame);
}

/** Whether somebody may bring this change about now. To agree to a proposal is to move what it would replace. */
export function canChange(facts: ChangeFacts, change: AppointmentChange, by: Side | 'system'): boolean {
  const { status, awaiting, bothCame, replaces } = facts;
  const { from, by: changers } = ruleOf(change);
  if (!from.includes(status) || !isTimely(change, facts)) return false;
  if ((bothMustHaveCome(change, by) ?? bothCame) !== bothCame) return false;
  if (change === 'confirm' && replaces !== undefined && !canChange(replaces, 'move', 'system')) return false;
  return changers.includes(by) || (changers.includes('awaited') && awaiting === by);
}

/** Everything that somebody may do to the appointment now, in the order of the table. */
export function changesFor(facts: ChangeFacts, by: Side | 'system'): AppointmentChange[] {
  return APPOINTMENT_CHANGES.filter((change) => canChange(facts, change, by));
}

/** The status to which a change leads. */
export const statusAfter = (change: AppointmentChange): AppointmentStatus => ruleOf(change).to;

/** Statuses from which a change can start. */
export const statusesBefore = (change: AppointmentChange): readonly AppointmentStatus[] => ruleOf(change).from;

/** Whether it still takes up the time of its two sides. */
export const isActive = (status: AppointmentStatus): boolean => status === 'pending' || status === 'scheduled';

/** How a completed appointment went. */
export const OUTCOMES = ['met', 'missed'] as const;
export const outcomeSchema = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Whether its doctor can book the next visit after it: the two must have met. */
export const canFollowUp = ({ status, outcome }: { status: AppointmentStatus; outcome: Outcome | null }): boolean =>
  status === 'completed' && outcome === 'met';

/** How many appointments to come, asked for or agreed, a patient can have with one doctor, and in all. */
export const OPEN_VISITS_WITH_DOCTOR_AT_MOST = 5;
export const OPEN_VISITS_AT_MOST = 20;

/** Why the patient comes, in their own words. */
export const reasonSchema = paragraph(300);
/** What one says to the other about a change of the appointment. */
export const commentSchema = paragraph(1000);

/** Reasons to call it off that nobody has to put into words; each reader is told them in their own language. */
export const CANCEL_REASONS = ['not-needed', 'time', 'elsewhere', 'private'] as const;
export const cancelReasonSchema = z.enum(CANCEL_REASONS);
export type CancelReason = z.infer<typeof cancelReasonSchema>;

/** How an appointment was called off; `reason`, or `reasonKind`, is what the other side is told. */
export const endingSchema = z.object({
  change: z.enum(['decline', 'cancel', 'expire']),
  by: z.enum(['doctor', 'patient', 'system']),
  reason: z.string().max(1000),
  /** The ready reason that was chosen instead of words. */
  reasonKind: cancelReasonSchema.nullable(),
  at: instantSchema,
});
export type Ending = z.infer<typeof endingSchema>;

/** The door of a consultation: opens before the start and stays open until the consultation is closed. */
export const doorSchema = z.object({
  state: z.enum(['early', 'open', 'closed']),
  opensAt: instantSchema,
});
export type Door = z.infer<typeof doorSchema>;

const personSchema = z.object({
  id: documentIdSchema,
  name: z.string().max(120),
  avatarId: documentIdSchema.nullable(),
});

/** The patient's rating as its two sides see it. */
export const givenRatingSchema = ratingSchema.extend({
  ratedAt: instantSchema,
  /** Until when the patient can change it. */
  editableUntil: instantSchema,
});

/** An appointment as one of its parties sees it. */
export const appointmentSchema = z.object({
  id: documentIdSchema,
  /** Rises with every change; a change names the version that it was made for. */
  version: z.int().min(0),
  status: appointmentStatusSchema,
  /** Who has to answer while it is pending. */
  awaiting: sideSchema.nullable(),
  outcome: outcomeSchema.nullable(),
  ending: endingSchema.nullable(),
  mode: appointmentModeSchema,
  startsAt: instantSchema,
  endsAt: instantSchema,
  /** The doctor's zone: the appointment was made in its wall time. */
  timeZone: timeZoneSchema,
  date: calendarDateSchema,
  startTime: wallTimeSchema,
  endTime: wallTimeSchema,
  reason: z.string().max(300),
  /** What the doctor said when confirming; of another time also what was said when it was proposed. */
  comment: z.string().max(1000),
  /** The appointment that this one is proposed, or was made, instead of. */
  replacesId: documentIdSchema.nullable(),
  /** The appointment that took the place of this one. */
  movedToId: documentIdSchema.nullable(),
  /** Who proposed this time, when it replaces another one. */
  proposedBy: sideSchema.nullable(),
  doctor: personSchema.extend({ specialization: z.string().max(120) }),
  patient: personSchema,
  colleagues: z.array(personSchema).max(14),
  /** What the caller is in this appointment. In the record of a patient whom they treat, a colleague of its doctor. */
  myParty: partySchema,
  /** What the caller may do to it now. */
  changes: z.array(appointmentChangeSchema),
  note: noteStateSchema,
  rating: givenRatingSchema.nullable(),
  /** Until when the patient can rate, `null` when it is not to be rated (any more, or not by the caller). */
  rateableUntil: instantSchema.nullable(),
  door: doorSchema,
});
export type Appointment = z.infer<typeof appointmentSchema>;

/** So many lines of its history are shown: the last ones. */
export const MAX_APPOINTMENT_EVENTS = 200;

/** One line of the history of an appointment. */
export const appointmentEventSchema = z.object({
  change: z.enum(['request', 'propose', 'book', ...APPOINTMENT_CHANGES]),
  by: z.enum(['doctor', 'patient', 'system']),
  at: instantSchema,
  /** For moves: the time before. */
  fromStartsAt: instantSchema.nullable(),
  comment: commentSchema,
});
export type AppointmentEvent = z.infer<typeof appointmentEventSchema>;
