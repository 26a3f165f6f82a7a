import {
  bookingEndpoints,
  holdEndpoints,
  type Appointment,
  type AppointmentMode,
  type Slot,
} from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { BookingFlow } from './booking-flow.svelte.ts';

/** How the two are to meet, and what is said about it. */
export interface VisitWish {
  readonly mode: AppointmentMode;
  readonly words: string;
}

type VisitFlow = BookingFlow<VisitWish>;

const timeOf = ({ date, startTime, endTime, startsAt }: Slot) => ({ date, startTime, endTime, startsAt });

/** A patient asks a doctor for a time. */
export function newVisit(call: ApiCall, doctorId: string, newKey?: () => string): VisitFlow {
  return BookingFlow.create<VisitWish>({
    call,
    keep: (startsAt) => call(holdEndpoints.take, { body: { doctorId, startsAt } }),
    send: (slot, { mode, words }, idempotencyKey) =>
      call(bookingEndpoints.book, { body: { doctorId, ...timeOf(slot), mode, reason: words, idempotencyKey } }),
    ...(newKey === undefined ? {} : { newKey }),
  });
}

/** One side proposes another time for an appointment, which keeps its way of meeting. */
export function anotherTime(call: ApiCall, appointment: () => Appointment): VisitFlow {
  const params = () => ({ appointmentId: appointment().id });
  return BookingFlow.create<VisitWish>({
    call,
    reader: appointment().myParty,
    keep: (startsAt) => call(holdEndpoints.takeNext, { params: params(), body: { for: 'move', startsAt } }),
    send: (slot, { words }, idempotencyKey) => {
      const body = { ...timeOf(slot), comment: words, version: appointment().version, idempotencyKey };
      return call(bookingEndpoints.propose, { params: params(), body });
    },
  });
}

/** The doctor of a visit books the next one. */
export function followUp(call: ApiCall, appointment: () => Appointment): VisitFlow {
  const params = () => ({ appointmentId: appointment().id });
  return BookingFlow.create<VisitWish>({
    call,
    reader: appointment().myParty,
    keep: (startsAt) => call(holdEndpoints.takeNext, { params: params(), body: { for: 'follow-up', startsAt } }),
    send: (slot, { mode, words }, idempotencyKey) =>
      call(bookingEndpoints.followUp, {
        params: params(),
        body: { ...timeOf(slot), mode, reason: words, idempotencyKey },
      }),
  });
}
