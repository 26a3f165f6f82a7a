import type { Appointment } from '@health-connect/contract';

/** An appointment of Ana with Dr Lima as the web app gets it, for tests. */
export function appointmentOf(startsAt: string, changes: Partial<Appointment> = {}): Appointment {
  return {
    id: 'a',
    version: 0,
    status: 'scheduled',
    awaiting: null,
    outcome: null,
    ending: null,
    mode: 'video',
    startsAt,
    endsAt: startsAt,
    timeZone: 'Europe/Berlin',
    date: startsAt.slice(0, 10),
    startTime: '10:00',
    endTime: '10:20',
    reason: '',
    comment: '',
    replacesId: null,
    movedToId: null,
    proposedBy: null,
    doctor: { id: 'd', name: 'Dr Lima', avatarId: null, specialization: 'Skin' },
    patient: { id: 'p', name: 'Ana Souza', avatarId: null },
    colleagues: [],
    myParty: 'patient',
    changes: [],
    note: 'none',
    rating: null,
    rateableUntil: null,
    door: { state: 'early', opensAt: startsAt },
    ...changes,
  };
}

/** The same with ids as the server has them, so that it can be an answer. */
export function answeredAppointment(startsAt: string, changes: Partial<Appointment> = {}): Appointment {
  const made = appointmentOf(startsAt, changes);
  return {
    ...made,
    id: changes.id ?? 'a'.repeat(24),
    doctor: { ...made.doctor, id: 'd'.repeat(24) },
    patient: { ...made.patient, id: 'b'.repeat(24) },
  };
}
