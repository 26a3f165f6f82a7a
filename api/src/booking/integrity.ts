import type { IntegrityRepository } from './integrity.repository.ts';

/** Something that must never be. */
export interface Breach {
  readonly kind: 'orphan-claim' | 'missing-claim' | 'overlap' | 'missing-relation';
  readonly id: string;
}

/**
 * Looks whether claims and appointments agree: each active appointment has exactly the cells of its time, for its
 * doctor and its patient, unless it is a proposal that uses cells of the appointment that it would replace; nothing
 * else is claimed but by holds, each of its own time; no two active appointments of anybody overlap; and of everybody who takes part in an
 * appointment it is known that they have one with its doctor.
 */
export async function findBreaches(repository: IntegrityRepository): Promise<Breach[]> {
  return [...(await breachesOfClaims(repository)), ...(await breachesOfRelations(repository))];
}

async function breachesOfRelations(repository: IntegrityRepository): Promise<Breach[]> {
  // In this order: what is booked meanwhile has its relation by then.
  const participations = await repository.participations();
  const relations = await repository.relations();
  return participations.filter(({ pair }) => !relations.has(pair)).map(({ id }) => ({ kind: 'missing-relation', id }));
}

async function breachesOfClaims(repository: IntegrityRepository): Promise<Breach[]> {
  const [claims, holds, appointments] = await Promise.all([
    repository.claims(),
    repository.holds(),
    repository.activeAppointments(),
  ]);
  const claimed = new Map(claims.map(({ subjectId, cell, ownerId }) => [`${subjectId}:${cell}`, ownerId]));
  const owners = {
    appointment: new Map(appointments.map((appointment) => [appointment.id, appointment])),
    hold: new Map(holds.map((hold) => [hold.id, hold])),
  };
  const breaches: Breach[] = [];
  for (const { ownerId, owner, subjectId, cell } of claims) {
    const own = owners[owner].get(ownerId);
    const isOwn = own?.cells.includes(cell) === true && own.subjectIds.includes(subjectId);
    if (!isOwn) breaches.push({ kind: 'orphan-claim', id: ownerId });
  }
  for (const { id, replacesId, subjectIds, cells } of appointments) {
    const owning = subjectIds.flatMap((subjectId) => cells.map((cell) => claimed.get(`${subjectId}:${cell}`)));
    const isWhole = owning.every((owner) => owner === id || (owner !== undefined && owner === replacesId));
    if (!isWhole) breaches.push({ kind: owning.includes(undefined) ? 'missing-claim' : 'overlap', id });
  }
  return breaches;
}
