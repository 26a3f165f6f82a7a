import { appointmentSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Album } from '../../support/album.ts';
import { Cast } from '../../support/cast.ts';
import type { Person } from '../../support/person.ts';
import { readNodeStatus } from '../../support/node-status.ts';
import { serverOf } from '../../support/processes.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const listSchema = z.object({ appointments: z.array(appointmentSchema) });

describe('looks: the consultation', () => {
  let stack: Stack;
  let album: Album;
  let doctor: Person;
  let patient: Person;
  const cast = Cast.create();

  const looks = (name: string, { page } = doctor) => album.look(page, name);

  beforeAll(async () => {
    album = await Album.open('consultation');
    stack = await startStack();
    doctor = await cast.signIn(stack, 'doctor');
    patient = await cast.signIn(stack, 'patient');
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it('a door that is not open yet, and a call that is not for this person', async () => {
    const { body } = await patient.request('GET', '/api/appointments/patient');
    const later = listSchema.parse(body).appointments.find(({ door }) => door.state === 'early');
    await patient.page.goto(`${stack.url}/consultation/${later?.id ?? ''}`);
    await patient.sees('You are early');
    expect(await looks('early', patient)).toEqual([]);
    await patient.page.goto(`${stack.url}/consultation/${'0'.repeat(24)}`);
    await patient.sees('We cannot find this page');
    expect(await looks('call-not-found', patient)).toEqual([]);
  });

  it('getting ready, with a browser that keeps the camera, and with one that does not', async () => {
    const { page } = patient;
    const kept = await page.evaluateOnNewDocument(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Kept', 'NotAllowedError'));
    });
    await page.setViewport({ width: 360, height: 640 });
    for (const text of ['200%', '']) {
      await patient.openConsultation();
      await page.evaluate((size) => void (document.documentElement.style.fontSize = size), text);
      await patient.press('Turn on camera and microphone');
      await patient.sees('switched off for this page');
      // What does not fit begins at the top of the window; what fits is in view, with nothing over it.
      const { top, bottom, isOver } = await page.$eval('.troubles', (help) => {
        const box = help.getBoundingClientRect();
        const over = document.elementFromPoint(box.left + box.width / 2, Math.min(box.bottom, innerHeight) - 8);
        return { top: box.top, bottom: box.bottom, isOver: !help.contains(over) };
      });
      expect(text === '' ? bottom : top).toBeLessThan(text === '' ? 640 : 160);
      expect(isOver).toBe(false);
    }
    expect(await looks('prepare-help', patient)).toEqual([]);
    await page.removeScriptToEvaluateOnNewDocument(kept.identifier);

    await doctor.openConsultation();
    expect(await looks('prepare')).toEqual([]);
    await doctor.press('Turn on camera and microphone');
    await doctor.sees('We hear you');
    expect(await looks('prepare-on')).toEqual([]);
  });

  it('the room, alone and with somebody else', async () => {
    const { page } = doctor;
    const close = (): Promise<void> => page.keyboard.press('Escape');
    await doctor.press('Join now');
    await doctor.sees('You are the only one here.');
    expect(await looks('room-alone')).toEqual([]);
    await doctor.press('Notes');
    await doctor.sees('What the patient says');
    expect(await looks('room-notes')).toEqual([]);
    await close();
    await patient.openConsultation();
    await patient.join();
    await doctor.seesAndHears(1);
    expect(await looks('room-two')).toEqual([]);
    await doctor.press('More');
    await page.waitForSelector('dialog[open]');
    expect(await looks('room-more')).toEqual([]);
    await close();
    await doctor.press('Leave');
    await page.waitForSelector('dialog[open]');
    expect(await looks('room-leave')).toEqual([]);
    await doctor.press('End for everyone');
    await doctor.sees('End the call for everyone?');
    expect(await looks('room-end')).toEqual([]);
    await close();
  });

  it('a sign-in that ends while notes are written, over a call that goes on', async () => {
    const { page } = doctor;
    await doctor.press('Notes');
    await doctor.sees('What the patient says');
    const context = page.browserContext();
    await context.deleteCookie(...(await context.cookies()));
    await doctor.type('What the patient says', 'A cough since Monday');
    await doctor.sees('To keep your data safe, we signed you out');
    await doctor.sees('the others still see and hear you');
    expect(await looks('room-signed-out')).toEqual([]);
    await doctor.press('Turn microphone off');
    await doctor.press('Turn microphone on');
    await doctor.type('Password', doctor.account.password);
    await doctor.press('Sign in');
    await doctor.sees('Saved ');
    await doctor.seesAndHears(1);
    await page.keyboard.press('Escape');
  });

  it('a connection that is lost', async () => {
    const { workers } = await readNodeStatus(stack);
    const server = [serverOf(stack, 'media-server'), ...workers.map(({ pid }) => pid)];
    for (const pid of server) process.kill(pid, 'SIGSTOP');
    await patient.sees('We are bringing you back.');
    expect(await looks('room-reconnecting', patient)).toEqual([]);
    for (const pid of server) process.kill(pid, 'SIGCONT');
    await patient.page.waitForSelector('.scrim', { hidden: true });
  });

  it('the call in another window, left, and over', async () => {
    const tab = await doctor.page.browser().newPage();
    await tab.goto(doctor.page.url());
    await tab.locator('::-p-aria([name="Turn on camera and microphone"][role="button"])').click();
    await tab.waitForSelector('::-p-text(We hear you)');
    await tab.locator('::-p-aria([name="Join now"][role="button"])').click();
    await doctor.page.bringToFront();
    await doctor.sees('Your call is open in another window');
    expect(await looks('after-window')).toEqual([]);
    await doctor.press('Use it here');
    await doctor.press('Leave');
    await doctor.press('Leave, others stay');
    await doctor.sees('You left the call');
    expect(await looks('after')).toEqual([]);
    await doctor.press('Go back');
    // While the pointer is on a message it stays; with the call it goes.
    await patient.sees(`${doctor.account.name} joined the call`);
    await patient.page.hover('.toast');
    await doctor.press('Leave');
    await doctor.press('End for everyone');
    await doctor.press('End for everyone');
    await patient.sees('The call has ended');
    // What the page says itself is under the bell only.
    await patient.page.waitForSelector('.page-header .count');
    expect(await patient.page.$$('.toast')).toEqual([]);
    expect(await looks('after-closed', patient)).toEqual([]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
