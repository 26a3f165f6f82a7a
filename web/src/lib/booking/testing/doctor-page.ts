import type { AppointmentMode, DoctorPage, Slot } from '@health-connect/contract';

/** The page of Dr Lima, who sees people by video and chat, for tests. */
export const doctorPageOf = (changes: Partial<DoctorPage> = {}): DoctorPage => ({
  id: 'd'.repeat(24),
  name: 'Dr Lima',
  avatarId: null,
  specialization: 'Skin',
  qualification: '',
  experienceYears: null,
  languages: [],
  modes: ['video', 'chat'],
  timeZone: 'UTC',
  rating: { average: null, count: 0 },
  about: '',
  confirmsAtOnce: false,
  minimumNoticeMinutes: 60,
  furthestDays: 60,
  ...changes,
});

/** A free slot of 20 minutes at a whole hour of a day, for tests. */
export const slotOf = (date: string, time: string, modes: AppointmentMode[], changes: Partial<Slot> = {}): Slot => ({
  slotNumber: 1,
  startsAt: `${date}T${time}:00.000Z`,
  endsAt: `${date}T${time.replace(':00', ':20')}:00.000Z`,
  date,
  startTime: time,
  endTime: time.replace(':00', ':20'),
  modes,
  state: 'free',
  ...changes,
});
