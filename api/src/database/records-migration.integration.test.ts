import { describe, expect } from 'vitest';
import { appointmentTime } from '../appointments/wall-time.ts';
import { RatingRepository } from '../ratings/rating.repository.ts';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import { MIGRATIONS } from './migrations.ts';

describe('the steps of this product', () => {
  it('list and count ratings, and make signed notes of what was written, also when repeated', async ({ database }) => {
    const [doctorId, other, patientId] = [stored(), stored(), stored()];
    await database.collection('accounts').insertOne({ _id: doctorId, name: 'Dr. Dana', email: 'd@test.example' });
    await database.collection('doctors').insertMany([{ _id: doctorId }, { _id: other }]);
    const time = appointmentTime(new Date(Date.now() - 2 * 86_400_000), 20, 'Europe/Berlin');
    const facts = { mode: 'video', reason: '', comment: '', status: 'completed', closedAt: time.endsAt };
    const people = { doctorId, patientId, colleagueIds: [], createdAt: time.startsAt };
    const visit = { ...time, ...facts, ...people, notes: '', rating: null, review: '' };
    const { insertedIds } = await database
      .collection('appointments')
      .insertMany([{ ...visit, rating: 4, review: 'Kind', notes: 'Rest and tea' }, { ...visit, rating: 2 }, visit]);
    await database.collection('appointments_archive').insertOne({ ...visit, rating: 5, notes: 'Long ago' });
    await database.migrateTwice(...MIGRATIONS);
    const ratings = RatingRepository.create(database.connection);
    const listed = await ratings.ofDoctor(doctorId.toHexString(), { limit: 10 });
    expect(listed.map(({ rating }) => rating).sort()).toEqual([2, 4, 5]);
    expect(listed).toContainEqual(expect.objectContaining({ review: 'Kind', ratedAt: time.endsAt }));
    const doctors = await database.collection('doctors').find().sort({ ratingCount: -1 }).toArray();
    expect(doctors).toMatchObject([
      { ratingSum: 11, ratingCount: 3 },
      { ratingSum: 0, ratingCount: 0 },
    ]);
    const id = String(insertedIds[0]);
    expect(await VisitNoteRepository.create(database.connection).ofVisit(id)).toMatchObject({
      version: 1,
      content: { text: 'Rest and tea' },
      shared: false,
      signedAt: time.endsAt,
      signedBy: 'Dr. Dana',
      amendments: [],
    });
    expect(await database.collection('visit_notes').countDocuments()).toBe(2);
    const visits = await database.collection('appointments').find().sort({ noteState: -1 }).toArray();
    expect(visits.map(({ noteState, notes }) => [noteState as unknown, notes as unknown])).toEqual([
      ['signed', undefined],
      ['none', undefined],
      ['none', undefined],
    ]);
  });
});
