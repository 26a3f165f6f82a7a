import { ownProfileSchema, type OwnProfile } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const save = (cookie: string, change: object) => server.call('PUT', '/api/profile', { cookie, body: { change } });
const profileOf = async (response: Response): Promise<OwnProfile> => {
  expect(response.status).toBe(200);
  return ownProfileSchema.strict().parse(await response.json());
};
const own = async (cookie: string) => profileOf(await server.call('GET', '/api/profile', { cookie }));

async function signedIn(role: Person['role']): Promise<{ person: Person; cookie: string }> {
  const person = await server.person(role, 'Paula Person');
  return { person, cookie: await server.signIn(person) };
}

describe('the own profile', () => {
  it('of a patient has the fields of R21 and is completed in small steps', async () => {
    const { cookie } = await signedIn('patient');
    expect(await own(cookie)).toMatchObject({
      profileCompleted: false,
      missing: ['dateOfBirth', 'gender', 'contactNumber', 'emergencyContact'],
      profile: { role: 'patient', bloodGroup: null, allergies: null, onboarding: { skipped: [] } },
    });
    const steps = [
      { dateOfBirth: '1990-02-03', gender: 'female', contactNumber: '+49 30 5550 1' },
      { bloodGroup: 'AB-', allergies: ['Latex'] },
      { emergencyContact: [{ name: 'Ruth', relationship: 'Mother', phone: '+49 30 5550 2' }] },
    ];
    const completed: boolean[] = [];
    for (const step of steps) {
      completed.push((await profileOf(await save(cookie, { role: 'patient', ...step }))).profileCompleted);
    }
    expect(completed).toEqual([false, false, true]);
    expect((await own(cookie)).profile).toMatchObject(Object.assign({}, ...steps));
  });

  it('of a doctor keeps no sign that turns around what patients read after it', async () => {
    const { cookie } = await signedIn('doctor');
    const saved = await profileOf(await save(cookie, { role: 'doctor', about: 'Hearts.\n\u202EAnd rhythm.' }));
    expect(saved.profile).toMatchObject({ about: 'Hearts.\nAnd rhythm.' });
    await expectRefusal(await save(cookie, { role: 'doctor', about: 'Hearts\u0007' }), 400, 'validation_failed');
  });

  it('tells a patient without allergies from one who was not asked', async () => {
    const { person, cookie } = await signedIn('patient');
    const allergies = async () => {
      const { profile } = await own(cookie);
      return profile.role === 'patient' ? profile.allergies : undefined;
    };
    await save(cookie, { role: 'patient', bloodGroup: 'O+' });
    expect(await allergies()).toBeNull();
    await save(cookie, { role: 'patient', allergies: [] });
    expect(await allergies()).toEqual([]);
    await save(cookie, { role: 'patient', gender: 'female' });
    expect(await allergies()).toEqual([]);
    await save(cookie, { role: 'patient', allergies: ['Latex'] });
    // An answer is changed, never taken back.
    await expectRefusal(await save(cookie, { role: 'patient', allergies: null }), 400, 'validation_failed');
    expect(await allergies()).toEqual(['Latex']);

    // Profiles from before the answer was kept: only what was named was answered.
    const patients = server.database.connection.collection('patients');
    const _id = toStoredId(person.id);
    for (const [stored, read] of [
      [[], null],
      [['Latex'], ['Latex']],
    ] as const) {
      await patients.updateOne({ _id }, { $set: { allergies: stored }, $unset: { allergiesAsked: '' } });
      expect(await allergies()).toEqual(read);
    }
  });

  it('of a doctor has the fields of R20', async () => {
    const { cookie } = await signedIn('doctor');
    const change = {
      name: 'Dr. Paula Person',
      qualification: 'MD, specialist',
      experienceYears: 7,
      about: 'Hearts.\nAnd rhythm.',
      languages: ['German'],
      contactNumber: '+49 30 5550 3',
    };
    const saved = await profileOf(await save(cookie, { role: 'doctor', ...change }));
    expect(saved).toMatchObject({ profileCompleted: false, missing: ['schedule'], profile: change });
    const me = await server.call('GET', '/api/auth/me', { cookie });
    expect(await me.json()).toMatchObject({ account: { name: change.name } });
  });

  it('of others holds the name', async () => {
    for (const role of ['staff', 'administrator'] as const) {
      const { cookie } = await signedIn(role);
      const saved = await profileOf(await save(cookie, { role, name: 'New Name' }));
      expect(saved).toMatchObject({ profileCompleted: true, profile: { role, name: 'New Name' } });
    }
  });

  it('remembers which steps are not wanted', async () => {
    const { cookie } = await signedIn('patient');
    await save(cookie, { role: 'patient', onboarding: { skipped: ['health', 'avatar', 'health'] } });
    expect((await own(cookie)).profile.onboarding).toEqual({ skipped: ['health', 'avatar'] });
  });

  it('is open to a pending doctor, who fills it in while waiting', async () => {
    const { person, cookie } = await signedIn('doctor');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: person.email }, { $set: { status: 'pending', approvedAt: null } });
    expect((await save(cookie, { role: 'doctor', about: 'Hearts' })).status).toBe(200);
  });

  it('is for its owner only (R31): the role decides the fields, the session decides whose they are', async () => {
    const { cookie } = await signedIn('patient');
    await expectRefusal(await server.call('GET', '/api/profile'), 401, 'unauthenticated');
    await expectRefusal(await save(cookie, { role: 'doctor', about: 'x' }), 403, 'forbidden');
    for (const foreign of [
      { id: 'f'.repeat(24) },
      { status: 'active' },
      { email: 'x@test.example' },
      { passwordHash: 'x' },
    ]) {
      await expectRefusal(await save(cookie, { role: 'patient', ...foreign }), 400, 'validation_failed');
    }
  });

  it.each([
    ['a birthday in the future', { dateOfBirth: '2999-01-01' }],
    ['a day that does not exist', { dateOfBirth: '2001-02-29' }],
    ['an unknown blood group', { bloodGroup: 'C+' }],
    ['an operator (A15)', { gender: { $ne: '' } }],
    ['a list for a text (A15)', { gender: ['female'] }],
    ['a prototype (A15)', JSON.parse('{"__proto__": {"role": "administrator"}, "constructor": 1}')],
    ['an empty name', { name: ' ' }],
    ['a step that does not exist', { onboarding: { skipped: ['everything'] } }],
  ])('refuses %s', async (_what, change: object) => {
    const { cookie } = await signedIn('patient');
    await expectRefusal(await save(cookie, { role: 'patient', ...change }), 400, 'validation_failed');
  });

  it('refuses the schedule, which has a route of its own that looks after what is booked', async () => {
    const { cookie } = await signedIn('doctor');
    for (const change of [{ schedule: [] }, { timeZone: 'Europe/Berlin' }]) {
      await expectRefusal(await save(cookie, { role: 'doctor', ...change }), 400, 'validation_failed');
    }
  });

  it('writes its audit entry with the change (P2)', async () => {
    const { person, cookie } = await signedIn('patient');
    await save(cookie, { role: 'patient', gender: 'female' });
    const entries = await server.database.connection
      .collection('audit_entries')
      .find({ resource: 'profile', patientId: person.id })
      .toArray();
    expect(entries).toMatchObject([{ accountId: person.id, action: 'change', outcome: 'ok' }]);
    expect(JSON.stringify(entries)).not.toContain('female');
  });
});
