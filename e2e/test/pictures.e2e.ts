import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

const LIMIT_BYTES = 5 * 1024 * 1024;

/** A picture as a phone's camera makes it: lying on its side, larger than may be sent, and saying where it was taken. */
async function cameraPicture(): Promise<Buffer> {
  const [width, height] = [4000, 3000];
  const noise = randomFillSync(Buffer.alloc(width * height * 3));
  const picture = sharp(noise, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 });
  return picture
    .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}
/** After this, somebody presses once more. */
const PATIENCE_MS = 1000;

describe('pictures of people, from the camera roll to the lists', () => {
  let stack: Stack;
  let folder: string;
  let doctor: Person;
  let patient: Person;

  /** Chooses a file with the keyboard alone. */
  const choose = async (person: Person, button: string, path: string): Promise<void> => {
    const element = await person.page.waitForSelector(`::-p-aria([name="${button}"][role="button"])`);
    await element?.focus();
    // A key that comes before Chromium has drawn the page reaches the button, but opens no chooser: people press again.
    const chooser = person.page.waitForFileChooser();
    const opened = chooser.then(() => true);
    await waitFor(
      'the chooser of files',
      async () => {
        await person.page.keyboard.press('Enter');
        return Promise.race([opened, pause(PATIENCE_MS, false)]);
      },
      (isOpen) => isOpen,
    );
    await (await chooser).accept([path]);
  };

  /** Edge in pixels of the first picture that is really shown at `selector`. */
  const shownEdge = async (person: Person, selector: string): Promise<number> => {
    const handle = await person.page.waitForFunction(
      (query) => {
        const image = document.querySelector(query);
        return image instanceof HTMLImageElement && image.naturalWidth > 0 ? image.naturalWidth : undefined;
      },
      {},
      selector,
    );
    return (await handle.jsonValue()) ?? 0;
  };

  beforeAll(async () => {
    stack = await startStack();
    folder = await mkdtemp(join(tmpdir(), 'health-connect-pictures-'));
    [doctor, patient] = await Promise.all([
      Person.signIn(stack, stack.account('doctor')),
      Person.signIn(stack, stack.account('patient')),
    ]);
  }, 180_000);
  afterAll(async () => {
    await Promise.all([doctor.close(), patient.close()]);
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes a picture of a phone that is too large to be sent, without where it was taken', async () => {
    const picture = await cameraPicture();
    expect(picture.length).toBeGreaterThan(LIMIT_BYTES);
    const path = join(folder, 'camera.jpg');
    await writeFile(path, picture);
    const sent: Buffer[] = [];
    patient.page.on('request', (request) => {
      if (request.method() === 'PUT') void request.fetchPostData().then((data) => sent.push(Buffer.from(data ?? '')));
    });

    // The rest of the demonstration's profile is complete: a picture is what is offered next.
    await patient.page.goto(`${stack.url}/settings/profile`);
    await choose(patient, 'Choose a picture', path);
    await patient.sees('This is how others will see it.');
    expect(await shownEdge(patient, 'main img')).toBe(1024);
    await patient.press('Use this picture');
    await patient.sees('Your picture is saved.');

    expect(sent).toHaveLength(1);
    expect(sent[0]?.length).toBeGreaterThan(10_000);
    expect(sent[0]?.length).toBeLessThan(LIMIT_BYTES);
    expect(sent[0]?.includes('Exif')).toBe(false);

    await patient.press('Menu');
    expect(await shownEdge(patient, 'dialog[open] img')).toBe(512);
    await doctor.page.goto(`${stack.url}/appointments`);
    expect(await shownEdge(doctor, 'article img')).toBe(512);
    await doctor.page.goto(`${stack.url}/home`);
    expect(await shownEdge(doctor, '.day img')).toBe(512);
    await doctor.page.goto(`${stack.url}/patients`);
    expect(await shownEdge(doctor, 'main img')).toBe(512);
    await doctor.page.locator('main a:has(img)').click();
    expect(await shownEdge(doctor, '.chart img')).toBe(512);
    expect([...patient.problems, ...doctor.problems]).toEqual([]);
  });

  it('says in words that a file is no picture, and keeps the old one', async () => {
    const path = join(folder, 'letter.png');
    await writeFile(path, 'Dear doctor');
    await patient.page.goto(`${stack.url}/settings/profile`);
    await patient.press('Change: Your picture');
    await choose(patient, 'Choose another picture', path);
    await patient.press('Use this picture');
    await patient.sees('We cannot use this file. Choose a JPEG, PNG or WebP picture.');
    await patient.press('Cancel');
    expect(await shownEdge(patient, 'main img')).toBe(512);
  });

  it('removes a picture after asking', async () => {
    await patient.press('Remove picture');
    await patient.page.locator('dialog[open] button[type="submit"]').click();
    await patient.sees('Your picture is removed.');
    await patient.press('Menu');
    await patient.page.waitForSelector('dialog[open] .who');
    expect(await patient.page.$('dialog[open] img')).toBeNull();
    await doctor.page.goto(`${stack.url}/appointments`);
    await doctor.page.waitForSelector('article');
    expect(await doctor.page.$('article img')).toBeNull();
  });
});
