import { randomUUID } from 'node:crypto';
import {
  accountSchema,
  appointmentSchema,
  slotDaySchema,
  visitNoteSchema,
  type DemoAccount,
} from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** Each would run `ranForeign()`, or leave an element with `data-foreign`, wherever text is taken for markup. */
const CORPUS = [
  '<script data-foreign>ranForeign(1)</script>',
  '<img data-foreign src=x onerror=ranForeign(2)>',
  '"><svg data-foreign onload=ranForeign(3)>',
  "'><iframe data-foreign srcdoc='<script>parent.ranForeign(4)</script>'>",
  '</textarea><img data-foreign src=x onerror=ranForeign(5)>',
  '</title><script data-foreign>ranForeign(6)</script>',
  '<a data-foreign href=javascript:ranForeign(7) autofocus onfocus=ranForeign(7)>x</a>',
  '<details data-foreign open ontoggle=ranForeign(8)>',
  '<input data-foreign autofocus onfocus=ranForeign(9)>',
  '<style data-foreign>@import "javascript:ranForeign(10)"</style>',
  '<math><mtext><table><mglyph><style><!--</style><img data-foreign src onerror=ranForeign(11)>',
  "{{constructor.constructor('ranForeign(12)')()}}",
  '${ranForeign(13)}',
  '<meta data-foreign http-equiv=refresh content="0;url=javascript:ranForeign(14)">',
  '<base data-foreign href=//elsewhere.example/>',
  '<style data-foreign>*{animation:x}</style><b data-foreign onanimationstart=ranForeign(15)>',
];
const WHOLE = CORPUS.join(' ').slice(0, 1000);
const REASON = CORPUS.slice(0, 5).join(' ').slice(0, 300);
const NAME = '"><img data-foreign src=x onerror=ranForeign(20)><svg data-foreign onload=ranForeign(21)>';
/** Which patient of the demonstration hospital has a visit of yesterday to rate. */
const REVIEWER = 2;
/** What proves that a screen shows the text, as text. */
const SHOWN = 'onerror=ranForeign(';

declare global {
  interface Window {
    tellViolation?(what: string): void;
  }
}

const meSchema = z.object({ account: accountSchema });
const oneSchema = z.object({ appointment: appointmentSchema });
const listSchema = z.object({ appointments: z.array(appointmentSchema) });
const noteSchema = z.object({ note: visitNoteSchema.nullable() });
const slotsSchema = z.object({ days: z.array(slotDaySchema) });

describe('script in names and texts never runs (A13)', () => {
  let stack: Stack;
  const cast = Cast.create();

  /** A browser that records what runs, what is refused by our own policy, and that can be made to enforce none. */
  const watch = async (role: DemoAccount['role'], found: string[], withoutPolicy: boolean): Promise<Person> => {
    const person = await cast.signIn(stack, role);
    const { page } = person;
    await page.exposeFunction('ranForeign', (which: unknown) =>
      found.push(`${role} ran ${String(which)}: ${page.url()}`),
    );
    await page.exposeFunction('tellViolation', (what: string) => found.push(`${role} ${what}: ${page.url()}`));
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
        window.tellViolation?.(`${violatedDirective} ${blockedURI} ${sample}`);
      });
    });
    page.on('dialog', (dialog) => {
      found.push(`${role} dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setBypassCSP(withoutPolicy);
    return person;
  };

  const send = async (person: Person, method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await person.request(method, path, body);
    expect([path, answer.status < 300 ? 'taken' : answer.body]).toEqual([path, 'taken']);
    return answer.body;
  };

  /** Asks for one of the next free times of the doctor, for a reason from the corpus. */
  const book = async (patient: Person, doctorId: string): Promise<z.infer<typeof oneSchema>['appointment']> => {
    const from = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const slots = await send(patient, 'GET', `/api/doctors/${doctorId}/slots?from=${from}&days=7&timeZone=UTC`);
    const slot = slotsSchema
      .parse(slots)
      .days.flatMap((day) => day.slots)
      .find(({ state }) => state === 'free');
    const booked = await send(patient, 'POST', '/api/appointments', {
      doctorId,
      date: slot?.date,
      startTime: slot?.startTime,
      endTime: slot?.endTime,
      mode: slot?.modes[0],
      reason: REASON,
      idempotencyKey: randomUUID(),
    });
    return oneSchema.parse(booked).appointment;
  };

  interface Written {
    /** An appointment that was asked for, and answered if the doctor answers by hand. */
    readonly confirmedId: string;
    /** A past visit of the two, whose signed note was added to. */
    readonly amendedId: string;
  }

  const visitsOf = async (person: Person, role: 'patient' | 'doctor') =>
    listSchema.parse(await send(person, 'GET', `/api/appointments/${role}`)).appointments;

  /** Adds to the signed note of a past visit. @returns which */
  const amend = async (patient: Person, doctor: Person): Promise<string> => {
    const ofDoctor = new Set((await visitsOf(doctor, 'doctor')).map(({ id }) => id));
    const past = (await visitsOf(patient, 'patient')).filter(({ status }) => status === 'completed');
    const visit = past.find(({ id }) => ofDoctor.has(id));
    if (visit === undefined) throw new Error('The demonstration hospital has no past visit of the two');
    const addition = { text: WHOLE, idempotencyKey: randomUUID() };
    await send(doctor, 'POST', `/api/appointments/${visit.id}/note/amendments`, addition);
    return visit.id;
  };

  /** Somebody else says what they think of the doctor. */
  const review = async (doctorId: string): Promise<void> => {
    const reviewer = await cast.signIn(stack, 'patient', REVIEWER);
    const visits = await visitsOf(reviewer, 'patient');
    const visit = visits
      .filter(({ status, doctor }) => status === 'completed' && doctor.id === doctorId)
      .toSorted((left, right) => left.startsAt.localeCompare(right.startsAt))
      .at(-1);
    if (visit === undefined) throw new Error('The reviewer has seen the doctor before');
    await send(reviewer, 'PUT', `/api/appointments/${visit.id}/rating`, { rating: 4, review: WHOLE });
  };

  /** Fills every field that these people can write. */
  const fill = async (patient: Person, doctor: Person, administrator: Person): Promise<Written> => {
    const text = (length: number, index: number): string => (CORPUS[index] ?? '').slice(0, length);
    await send(patient, 'PUT', '/api/profile', {
      change: {
        role: 'patient',
        name: NAME,
        gender: text(40, 3),
        contactNumber: text(40, 12),
        allergies: CORPUS.map((_text, index) => text(120, index)),
        emergencyContact: [{ name: NAME, relationship: text(60, 1), phone: text(40, 11) }],
      },
    });
    await send(doctor, 'PUT', '/api/profile', {
      change: {
        role: 'doctor',
        name: `Dr ${NAME}`,
        specialization: text(120, 1),
        qualification: text(200, 2),
        about: WHOLE,
        languages: CORPUS.map((_text, index) => text(60, index)),
        contactNumber: text(40, 12),
      },
    });
    const today = await visitsOf(patient, 'patient');
    const visit = today.find(({ door }) => door.state === 'open');
    if (visit === undefined) throw new Error('The demonstration hospital has no open appointment');
    const content = { subjective: WHOLE, objective: WHOLE, assessment: WHOLE, plan: WHOLE, text: WHOLE };
    const note = noteSchema.parse(await send(doctor, 'GET', `/api/appointments/${visit.id}/note`)).note;
    const draft = { content, shared: true, version: note?.version ?? 0 };
    await send(doctor, 'PUT', `/api/appointments/${visit.id}/note`, draft);
    await review(visit.doctor.id);
    const cancelled = await book(patient, visit.doctor.id);
    await send(patient, 'POST', `/api/appointments/${cancelled.id}/cancel`, {
      version: cancelled.version,
      reason: WHOLE,
    });
    const confirmed = await book(patient, visit.doctor.id);
    if (confirmed.status === 'pending') {
      const answer = { version: confirmed.version, comment: WHOLE };
      await send(doctor, 'POST', `/api/appointments/${confirmed.id}/confirm`, answer);
    }
    // A mail to somebody with such a name, and one with a link that would be script.
    for (const [index, name] of [NAME, 'javascript:ranForeign(30)'].entries()) {
      await send(administrator, 'POST', '/api/auth/signup', {
        role: 'doctor',
        name,
        email: `foreign${index}@hospital.example`,
        password: 'a boat on the lake',
        specialization: text(120, 2),
      });
    }
    return { confirmedId: confirmed.id, amendedId: await amend(patient, doctor) };
  };

  /** Opens a page, waits until it shows the text (or is quiet), and opens everything on it that can be opened. */
  const look = async (person: Person, path: string, shows: boolean): Promise<void> => {
    const { page } = person;
    await page.goto(`${stack.url}${path}`, { waitUntil: 'networkidle0' });
    const unfold = (): Promise<void> =>
      page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
    await unfold();
    if (shows) {
      await page.waitForFunction(
        (text) => {
          const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')];
          return [document.body.textContent, ...fields.map(({ value }) => value)].some((shown) => shown.includes(text));
        },
        {},
        SHOWN,
      );
    }
    await unfold();
    expect([path, await page.$$eval('[data-foreign]', (elements) => elements.length)]).toEqual([path, 0]);
  };

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  // The policy would hide a mistake: without it, script that gets onto a page runs.
  it.each([
    ['with our policy, which nothing of ours offends', false],
    ['without our policy', true],
  ])(
    '%s',
    async (_name, withoutPolicy) => {
      const found: string[] = [];
      const patient = await watch('patient', found, withoutPolicy);
      const doctor = await watch('doctor', found, withoutPolicy);
      const administrator = await watch('administrator', found, withoutPolicy);
      const { confirmedId, amendedId } = await fill(patient, doctor, administrator);

      const me = async (person: Person): Promise<string> =>
        meSchema.parse(await send(person, 'GET', '/api/auth/me')).account.id;
      const [patientId, doctorId] = [await me(patient), await me(doctor)];
      const common = [
        ['/home', true],
        ['/appointments', true],
        [`/appointments/${confirmedId}`, true],
        ['/settings/profile', false],
        ['/settings/security', false],
      ] as const;
      const ofPatient = [
        ['/doctors', true],
        [`/doctors/${doctorId}`, true],
        [`/appointments/${amendedId}/note`, true],
        ['/records', true],
        ['/records/access', true],
      ] as const;
      const ofDoctor = [
        ['/patients', true],
        [`/patients/${patientId}`, true],
        [`/appointments/${amendedId}/note`, true],
        ['/schedule', false],
      ] as const;
      const ofAdministrator = [
        ['/admin/people', true],
        ['/admin/outbox', true],
      ] as const;
      for (const [path, shows] of [...common, ...ofPatient]) await look(patient, path, shows);
      for (const [path, shows] of [...common, ...ofDoctor]) await look(doctor, path, shows);
      for (const [path, shows] of ofAdministrator) await look(administrator, path, shows);

      // What is only there once it was pressed.
      for (const person of [patient, doctor]) {
        await person.page.goto(`${stack.url}/settings/profile`, { waitUntil: 'networkidle0' });
        for (const step of await person.page.$$('button[aria-label^="Change:"]')) {
          await step.click();
          await person.page.waitForSelector('main form, main .picture');
        }
        await person.press('Menu');
        await person.page.waitForSelector('dialog[open] .who');
        await person.page.keyboard.press('Escape');
      }
      await administrator.page.goto(`${stack.url}/admin/people`, { waitUntil: 'networkidle0' });
      // Opening one moves those below it: each is pressed once it stands still.
      const closed = administrator.page.locator('button[aria-label^="Manage:"][aria-expanded="false"]');
      const people = await administrator.page.$$eval('button[aria-label^="Manage:"]', (buttons) => buttons.length);
      for (let opened = 0; opened < people; opened += 1) await closed.click();
      await administrator.page.goto(`${stack.url}/admin/audit`);
      await administrator.press('Search');
      await administrator.page.waitForSelector('summary ::-p-text(onerror=ranForeign)');
      await administrator.page.$$eval('details', (all) => all.forEach((details) => (details.open = true)));

      // In the call: names on tiles, in news and in the list of who is there; notes beside it.
      await doctor.openConsultation();
      await doctor.join();
      await patient.openConsultation();
      await patient.join();
      await doctor.seesAndHears(1);
      await doctor.press('Notes');
      await doctor.page.waitForFunction(
        (text) => [...document.querySelectorAll('textarea')].some(({ value }) => value.includes(text)),
        {},
        SHOWN,
      );
      await patient.sees(SHOWN);
      for (const person of [patient, doctor, administrator]) {
        expect(await person.page.$$eval('[data-foreign]', (elements) => elements.length)).toBe(0);
        expect(person.problems.filter((problem) => /policy|ranForeign/i.test(problem))).toEqual([]);
      }
      await patient.leave('at once');
      expect(found).toEqual([]);
    },
    240_000,
  );
});
