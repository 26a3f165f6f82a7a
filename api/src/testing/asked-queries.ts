/** An id of which nothing is there. */
export const ABSENT_ID = 'f'.repeat(24);

/** Every way of narrowing down the trail: who, what, how it ended, when. */
function auditSearches(whose: readonly string[]): string[] {
  const with_ = (queries: readonly string[], more: readonly string[]) =>
    queries.flatMap((query) => more.map((part) => [query, part].filter((text) => text !== '').join('&')));
  const what = ['', 'action=view', 'action=download', 'action=failure'];
  const ended = ['', 'outcome=ok', 'outcome=refused', 'outcome=failed'];
  const time = ['', 'from=2030-01-01T00:00:00Z', 'to=2020-01-01T00:00:00Z'];
  return with_(with_(with_(whose, what), ended), time).filter((query) => query !== '');
}

/** Queries of lists and searches, by path; every GET route is also asked without any. OWN stands for the patient's id. */
export const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/doctors': [
    'term=muller',
    'term=skin+doctor&free=week&mode=video',
    'specialization=Cardiology',
    'specialization=Cardiology&minimumYears=2&language=Deutsch&mode=chat&free=today',
    'language=Deutsch',
    'minimumYears=5',
    'mode=video',
    'mode=chat&sort=name',
    'free=week',
    'sort=name',
    'sort=experience',
  ],
  '/api/doctors/:doctorId/slots': ['from=2027-01-12&timeZone=UTC'],
  '/api/appointments/day': ['from=2027-01-12&days=7'],
  '/api/admin/audit': [
    'requestId=01234567-89ab-4def-8123-456789abcdef',
    ...auditSearches(['', `accountId=${ABSENT_ID}`, 'accountId=OWN', `patientId=${ABSENT_ID}`, 'patientId=OWN']),
  ],
};
/** Searches whose words are not to stand in addresses: path and body. */
export const POSTED_SEARCHES = [
  ['/api/admin/accounts/search', {}],
  ['/api/admin/accounts/search', { text: 'pat' }],
  ['/api/admin/accounts/search', { text: 'patient the' }],
  ['/api/admin/accounts/search', { text: 'the.patient' }],
  ['/api/admin/accounts/search', { text: 'the.patient@nowhere' }],
  ['/api/admin/accounts/search', { text: '@test.ex' }],
  ['/api/admin/accounts/search', { text: 'the test.example' }],
  ['/api/admin/accounts/search', { text: 'pat', role: 'staff', status: 'disabled' }],
  ['/api/admin/accounts/search', { text: 'q', role: 'doctor' }],
  ['/api/admin/accounts/search', { role: 'administrator' }],
  ['/api/admin/accounts/search', { status: 'disabled' }],
  ['/api/admin/accounts/search', { role: 'doctor', cursor: '5'.repeat(24) }],
  ['/api/admin/accounts/search', { role: 'doctor', status: 'active' }],
] as const;

const LATER = `${Date.UTC(2027, 0, 12)}-${ABSENT_ID}`;
const placed = (value: string | number): string =>
  Buffer.from(JSON.stringify([value, ABSENT_ID])).toString('base64url');

/** Second pages: they ask for what comes after a place, which is another query than the first. Role, path and query. */
export const NEXT_PAGES = [
  ['patient', '/api/doctors', `cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `mode=video&term=doc&cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `specialization=Cardiology&cursor=${placed('2027-01-12T00:00:00.000Z')}`],
  ['patient', '/api/doctors', `sort=name&cursor=${placed('doctor')}`],
  ['patient', '/api/doctors', `sort=experience&cursor=${placed(3)}`],
  ['patient', '/api/doctors/:doctorId/reviews', `cursor=${ABSENT_ID}`],
  ['patient', '/api/notifications', `before=${ABSENT_ID}`],
  ['doctor', '/api/notifications', `before=${ABSENT_ID}`],
  ['patient', '/api/records/access', `before=${LATER}`],
  ['administrator', '/api/admin/audit', `before=${LATER}`],
  ['administrator', '/api/admin/audit', `action=view&before=${LATER}`],
  ['administrator', '/api/admin/audit', `accountId=${ABSENT_ID}&before=${LATER}`],
  ['administrator', '/api/admin/audit', `patientId=${ABSENT_ID}&from=2026-01-01T00:00:00Z&before=${LATER}`],
  ['doctor', '/api/patients', `cursor=${LATER}`],
  ['doctor', '/api/patients/:patientId/history', `cursor=${LATER}`],
  ['patient', '/api/patients/:patientId/history', `cursor=${LATER}`],
] as const;
