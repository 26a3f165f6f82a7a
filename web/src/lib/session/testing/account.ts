import type { Account } from '@health-connect/contract';

/** Dr Lima or Ana, as the server tells who is signed in, for tests. */
export const accountOf = (role: 'doctor' | 'patient'): Account => ({
  ...(role === 'doctor'
    ? { id: 'd'.repeat(24), name: 'Dr Lima', email: 'd@b.co' }
    : { id: 'b'.repeat(24), name: 'Ana Souza', email: 'a@b.co' }),
  role,
  status: 'active',
  avatarId: null,
  timeZone: null,
});
