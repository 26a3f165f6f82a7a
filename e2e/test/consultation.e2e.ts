import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accountSchema, errorBodySchema, joinGrantSchema } from '@health-connect/contract';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostileMessages } from '../../media-server/src/testing/hostile-messages.ts';
import { TestClient } from '../../media-server/src/testing/test-client.ts';
import { isEmpty, readNodeStatus } from '../support/node-status.ts';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

const pictures = join(import.meta.dirname, '..', 'output');

describe('a consultation in real browsers', () => {
  let stack: Stack;
  const people: Person[] = [];

  const signIn = async (role: string, index = 0): Promise<Person> => {
    const account = stack.accounts.filter((candidate) => candidate.role === role)[index];
    if (account === undefined) throw new Error(`The demonstration hospital has no ${role} number ${index}`);
    const person = await Person.signIn(stack, account);
    people.push(person);
    return person;
  };

  const addColleague = async (doctor: Person, colleague: Person, consultationId: string): Promise<void> => {
    const me = await colleague.request('GET', '/api/auth/me');
    const { account } = z.object({ account: accountSchema }).parse(me.body);
    const path = `/api/appointments/${consultationId}/colleagues`;
    expect((await doctor.request('POST', path, { doctorId: account.id })).status).toBe(200);
  };

  const nodeIsEmpty = () => waitFor('an empty media node', () => readNodeStatus(stack), isEmpty);

  beforeAll(async () => {
    stack = await startStack();
    await mkdir(pictures, { recursive: true });
  }, 120_000);
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.close()));
    await nodeIsEmpty();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('lets doctor and patient see and hear each other through the SFU (R4, R14)', async () => {
    const [doctor, patient] = [await signIn('doctor'), await signIn('patient')];
    await doctor.openConsultation();
    await patient.openConsultation();
    await doctor.join();
    await patient.join();

    await doctor.seesAndHears(1);
    await patient.seesAndHears(1);
    const sent = await waitFor(
      'simulcast',
      () => doctor.media(),
      (media) => media.sentLayers.length >= 2,
    );
    expect(new Set(sent.sentLayers).size).toBeGreaterThanOrEqual(2);
    expect(sent.srtpCiphers).toEqual(['SRTP_AEAD_AES_256_GCM', 'SRTP_AEAD_AES_256_GCM']);

    const status = await readNodeStatus(stack);
    expect(status.counts).toMatchObject({ rooms: 1, peers: 2, transports: 4, producers: 4, consumers: 4 });
    await doctor.press('Dismiss');
    // The README shows a copy of this one (docs/consultation.png).
    await doctor.page.screenshot({ path: join(pictures, 'consultation.png') });

    await patient.press('Mic');
    await doctor.page.waitForSelector('[data-peer-id] ::-p-text(Mic off)');
    await patient.press('Mic off');
    await doctor.page.waitForSelector('[data-peer-id] ::-p-text(Mic off)', { hidden: true });

    await patient.press('Camera');
    await doctor.page.waitForSelector('[data-peer-id] ::-p-text(Camera off)');
    await patient.press('Camera off');
    await doctor.seesAndHears(1);

    await patient.leave('at once');
    await doctor.sees(`${patient.account.name} left the call`);
    await doctor.sees('You are the only one here.');
    await doctor.leave('asked');

    expect((await nodeIsEmpty()).counts.rooms).toBe(0);
    expect((await doctor.media()).openConnections).toBe(0);
    expect((await patient.media()).openConnections).toBe(0);
    expect([...doctor.problems, ...patient.problems]).toEqual([]);
  });

  it('refuses a third account that is not a party, and gives it no token (R31)', async () => {
    const doctor = await signIn('doctor');
    const consultationId = await doctor.openConsultation();
    for (const stranger of [await signIn('patient', 1), await signIn('doctor', 1)]) {
      const answer = await stranger.request('POST', `/api/consultations/${consultationId}/join`);
      expect(answer.status).toBe(403);
      expect(errorBodySchema.parse(answer.body).error.code).toBe('forbidden');
      expect(JSON.stringify(answer.body)).not.toContain('token');
      await stranger.page.goto(`${stack.url}/consultation/${consultationId}`);
      await stranger.sees('This page is not open to you');
    }
    expect(isEmpty(await readNodeStatus(stack))).toBe(true);
  });

  it('goes on while somebody in the room sends hostile signalling', async () => {
    const [doctor, patient, colleague] = [await signIn('doctor'), await signIn('patient'), await signIn('doctor', 1)];
    const consultationId = await doctor.openConsultation();
    await addColleague(doctor, colleague, consultationId);
    await patient.openConsultation();
    await Promise.all([doctor.join(), patient.join()]);
    await doctor.seesAndHears(1);
    await patient.seesAndHears(1);

    const grant = joinGrantSchema.parse(
      (await colleague.request('POST', `/api/consultations/${consultationId}/join`)).body,
    );
    const auth = { protocolVersion: grant.protocolVersion, token: grant.token };
    const intruder = await TestClient.open(grant.url, auth, stack.url);
    const { consumers } = await intruder.join();
    const foreign = {
      transportId: crypto.randomUUID(),
      producerId: consumers[0]?.producerId ?? '',
      consumerId: crypto.randomUUID(),
    };
    const messages = fc.sample(hostileMessages(foreign, true), { numRuns: 60, seed: 7 });
    for (const { name, payloads } of messages) {
      expect(await intruder.codeOf(name, ...payloads), `${name} ${JSON.stringify(payloads)}`).not.toBe('ok');
    }
    await patient.mediaKeepsRising();
    await doctor.mediaKeepsRising();
    intruder.close();
  });

  it('takes in a colleague whom the doctor has added (R14)', async () => {
    const [doctor, patient, colleague] = [await signIn('doctor'), await signIn('patient'), await signIn('doctor', 1)];
    const consultationId = await doctor.openConsultation();
    await addColleague(doctor, colleague, consultationId);
    await patient.openConsultation();
    await colleague.openConsultation();
    for (const person of [doctor, patient, colleague]) await person.join();
    for (const person of [doctor, patient, colleague]) await person.seesAndHears(2);

    await colleague.leave('at once');
    await doctor.sees(`${colleague.account.name} left the call`);
    await doctor.mediaKeepsRising();
    await patient.mediaKeepsRising();

    await doctor.press('Leave');
    await doctor.press('End for everyone');
    await doctor.press('End for everyone');
    await patient.sees('The call has ended');
    await nodeIsEmpty();
    const late = await patient.request('POST', `/api/consultations/${consultationId}/join`);
    expect(errorBodySchema.parse(late.body).error.code).toBe('consultation_closed');
  });
});
