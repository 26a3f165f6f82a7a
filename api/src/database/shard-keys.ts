/**
 * By which field each collection that grows with the hospital is to be spread over shards (docs/data.md says why).
 * Operators shard when they have to; the product sees to it that they can: the key is the beginning of an index and of
 * every unique index, and the queries that run all the time ask one shard.
 */
export const SHARD_KEYS = {
  appointments: 'doctorId',
  appointments_archive: 'patientId',
  care_relations: 'accountId',
  time_claims: 'subjectId',
  notifications: 'accountId',
  reminders: 'appointmentId',
  visit_notes: 'appointmentId',
  audit_entries: 'writer',
} as const;
