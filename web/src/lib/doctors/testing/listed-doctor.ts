import type { ListedDoctor } from '@health-connect/contract';

/** A doctor as the directory lists them, for tests. */
export const listedDoctorOf = (name: string, changes: Partial<ListedDoctor> = {}): ListedDoctor => ({
  id: 'd'.repeat(24),
  name,
  avatarId: null,
  specialization: 'Skin',
  qualification: '',
  experienceYears: 3,
  languages: [],
  modes: ['video'],
  timeZone: 'Europe/Berlin',
  rating: { average: null, count: 0 },
  nextFree: [],
  ...changes,
});
