import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appointmentSchema, secondFactorEndpoints } from '@health-connect/contract';
import { generate } from 'otplib';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from '../../support/catalogue.ts';
import { Cast } from '../../support/cast.ts';
import type { Person } from '../../support/person.ts';
import { inspect, inspectNarrow, LOOKS } from '../../support/screens.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'output');
const [PHONE, , DESKTOP] = LOOKS;
/** Languages other than that of the other looks: one reads from right to left, one has long words. */
const LANGUAGES = [
  { locale: 'ar', direction: 'rtl' },
  { locale: 'de', direction: 'ltr' },
] as const;
const listSchema = z.object({ appointments: z.array(appointmentSchema) });
const doctorsSchema = z.object({ doctors: z.array(z.object({ id: z.string() })) });

type Who = 'visitor' | 'patient' | 'doctor' | 'administrator';

/** Who sees a route, and at which address when it is not the route itself. A route that is missing does not compile. */
const PAGES: Readonly<Record<Route, readonly [who: Who, address?: string]>> = {
  '/': ['visitor'],
  '/help': ['visitor'],
  '/login': ['visitor'],
  '/signup': ['visitor'],
  '/verify': ['visitor'],
  '/forgot': ['visitor'],
  '/reset': ['visitor', `/reset#token=${'a'.repeat(43)}`],
  '/invitation': ['visitor'],
  '/doctors': ['visitor', '/doctors?language=English'],
  '/doctors/[id]': ['patient'],
  '/home': ['patient'],
  '/appointments': ['patient'],
  '/appointments/[id]': ['patient'],
  '/appointments/[id]/note': ['doctor'],
  '/consultation/[id]': ['patient'],
  '/records': ['patient'],
  '/records/access': ['patient'],
  '/schedule': ['doctor'],
  '/week': ['doctor'],
  '/patients': ['doctor'],
  '/patients/[id]': ['doctor'],
  '/settings/profile': ['doctor'],
  '/settings/security': ['doctor'],
  '/settings/display': ['doctor'],
  '/settings/notifications': ['patient'],
  '/admin/people': ['administrator'],
  '/admin/audit': ['administrator'],
  '/admin/outbox': ['administrator'],
  // Last: it is where the visitor stays.
  '/login/second-step': ['visitor', '/login'],
};

describe.each(LANGUAGES)('looks: in another language, $locale', ({ locale, direction }) => {
  let stack: Stack;
  let people: Readonly<Record<Who, Person>>;
  let ids: Readonly<Record<string, string>>;
  const cast = Cast.create();

  /** The words of another language: on a phone in light colours, a desktop in dark ones, and where there is least room. */
  const looks = async (page: Page, name: string): Promise<string[]> => {
    const picture = (look: string) => page.screenshot({ path: join(FOLDER, `${locale}-${name}-${look}.png`) });
    const problems = await inspectNarrow(page, picture);
    for (const look of [PHONE, DESKTOP]) {
      problems.push(...(await inspect(page, look)));
      await picture(look.name);
    }
    return problems;
  };
  const isShown = (page: Page) =>
    page.waitForFunction(
      (html) => document.querySelector(`${html} h1`) && !document.querySelector('.skeleton'),
      {},
      `html[dir="${direction}"][lang="${locale}"]`,
    );
  const own = async (person: Person, of: 'patient' | 'doctor') =>
    listSchema.parse((await person.request('GET', `/api/appointments/${of}`)).body).appointments;
  /** Sets a second step up for somebody who is signed in. */
  const enrol = async (person: Person): Promise<void> => {
    const { setUp, confirm } = secondFactorEndpoints;
    const body = { password: person.account.password };
    const { secret } = setUp.response.parse((await person.request(setUp.method, setUp.path, body)).body);
    const code = await generate({ secret });
    expect((await person.request(confirm.method, confirm.path, { code })).status).toBe(confirm.status);
  };

  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    stack = await startStack();
    const careful = await cast.signIn(stack, 'patient', 1);
    await enrol(careful);
    people = {
      visitor: await cast.visit(stack, careful.account),
      patient: await cast.signIn(stack, 'patient'),
      doctor: await cast.signIn(stack, 'doctor'),
      administrator: await cast.signIn(stack, 'administrator'),
    };
    const { patient, doctor } = people;
    const [found] = doctorsSchema.parse((await patient.request('GET', '/api/doctors?term=yilmaz')).body).doctors;
    const [coming, past] = [await own(patient, 'patient'), await own(doctor, 'doctor')];
    const open = coming.find(({ door }) => door.state === 'open')?.id ?? '';
    const unsigned = past.find(({ status, note }) => status === 'completed' && note !== 'signed');
    ids = {
      '/doctors/[id]': found?.id ?? '',
      '/appointments/[id]': open,
      '/appointments/[id]/note': unsigned?.id ?? '',
      '/consultation/[id]': open,
      '/patients/[id]': unsigned?.patient.id ?? '',
    };
    for (const { page } of Object.values(people)) {
      await page.evaluateOnNewDocument((language) => localStorage.setItem('PARAGLIDE_LOCALE', language), locale);
    }
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it.each(Object.entries(PAGES))('%s', async (route, [who, address = route]) => {
    const { page, account } = people[who];
    await page.goto(stack.url + address.replace('[id]', ids[route] ?? ''));
    await isShown(page);
    if (route === '/login/second-step') {
      await page.locator('#login-email').fill(account.email);
      await page.locator('#login-password').fill(account.password);
      await page.locator('main button[type="submit"]').click();
      await page.waitForFunction((path) => location.pathname === path, {}, route);
      await isShown(page);
    }
    expect(await looks(page, route.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '') || 'welcome')).toEqual([]);
  });
});
