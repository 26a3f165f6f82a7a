import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { LEFT_BEHIND_MS, LEFT_PICTURES_BATCH } from './left-pictures.ts';

let server: TestServer;
let patient: Person;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  patient = await server.person('patient', 'Pia Picture');
  cookie = await server.signIn(patient);
});
afterAll(() => server.close());

const picture = (width = 900, height = 600) => sharp({ create: { width, height, channels: 3, background: '#336699' } });

async function put(bytes: Buffer, contentType: string, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${server.url}/api/profile/avatar`, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: { cookie, 'content-type': contentType, ...headers },
  });
}

/** Sends a file without saying how long it is. @returns the status */
async function putInPieces(bytes: Buffer): Promise<number | undefined> {
  const outgoing = request(`${server.url}/api/profile/avatar`, {
    method: 'PUT',
    headers: { cookie, 'content-type': 'image/png', 'transfer-encoding': 'chunked' },
  });
  const answered = once(outgoing, 'response').then(([response]: IncomingMessage[]) => response?.statusCode);
  // The server may close before everything is sent; what counts is its answer.
  outgoing.on('error', () => outgoing.destroy());
  outgoing.end(bytes);
  return answered;
}

async function saved(bytes: Buffer, contentType: string): Promise<string> {
  const response = await put(bytes, contentType);
  expect(response.status).toBe(200);
  return z.strictObject({ avatarId: z.string() }).parse(await response.json()).avatarId;
}

/** A file as an upload leaves it that ended before anybody used it. */
const leftFile = (ageMs: number) => ({
  ...{ length: 1, chunkSize: 261_120, filename: 'left' },
  metadata: { accountId: toStoredId(patient.id) },
  uploadDate: new Date(server.clock.now() - ageMs),
});

const get = (id: string, by: string | undefined = cookie) => server.call('GET', `/api/avatars/${id}`, { cookie: by });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const files = () => server.database.connection.collection('avatars.files').countDocuments();

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A PNG of one bit a pixel that says it is so large. */
function blackPng(width: number, height: number, compressed: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', compressed), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

/** A picture like any other, but for its size: 900 megapixels in some 100 KB. */
const floodPng = (edge = 30_000): Buffer => blackPng(edge, edge, deflateSync(Buffer.alloc(edge * (1 + edge / 8))));

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('a picture', () => {
  it.each(['jpeg', 'png', 'webp'] as const)(
    'of type %s becomes a square WebP, and is served for good',
    async (format) => {
      const id = await saved(await picture().toFormat(format).toBuffer(), `image/${format}`);
      const response = await get(id);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('image/webp');
      expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      const facts = await sharp(await bytesOf(response)).metadata();
      expect(facts).toMatchObject({ format: 'webp', width: 512, height: 512 });
      const profile = await server.call('GET', '/api/profile', { cookie });
      expect(await profile.json()).toMatchObject({ avatarId: id });
    },
  );

  it('replaces the one before, which is gone', async () => {
    const bytes = await picture().png().toBuffer();
    const [first, second] = [await saved(bytes, 'image/png'), await saved(bytes, 'image/png')];
    await expectRefusal(await get(first), 404, 'not_found');
    expect((await get(second)).status).toBe(200);
    expect(await files()).toBe(1);
    expect((await server.call('DELETE', '/api/profile/avatar', { cookie })).status).toBe(200);
    await expectRefusal(await get(second), 404, 'not_found');
    expect(await files()).toBe(0);
  });

  it('that is replaced twice at once is one of the two, and the other is gone', async () => {
    const [one, two] = [await picture(80, 80).png().toBuffer(), await picture(90, 90).png().toBuffer()];
    const accounts = server.database.connection.collection('accounts');
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all([put(one, 'image/png'), put(two, 'image/png')]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const account = await accounts.findOne({ _id: toStoredId(patient.id) });
      expect((await get(String(account?.['avatarId']))).status).toBe(200);
      expect(await files()).toBe(1);
    }
  });

  it('that an interrupted upload has left behind is shown to nobody, and deleted an hour later', async () => {
    const collection = server.database.connection.collection('avatars.files');
    const { insertedIds } = await collection.insertMany([
      leftFile(LEFT_BEHIND_MS + 1),
      leftFile(LEFT_BEHIND_MS - 60_000),
    ]);
    const id = await saved(await picture().png().toBuffer(), 'image/png');
    await expectRefusal(await get(String(insertedIds[0])), 404, 'not_found');
    await server.application.runJob('delete left pictures');
    expect(await collection.distinct('filename')).toEqual([id, 'left']);
    server.clock.advance(LEFT_BEHIND_MS);
    await server.application.runJob('delete left pictures');
    expect((await get(id, await server.signIn(patient))).status).toBe(200);
    expect(await files()).toBe(1);
    cookie = await server.signIn(patient);
  });

  it('that was left behind is deleted however many there are, also when nobody knows whose it is', async () => {
    const collection = server.database.connection.collection('avatars.files');
    const before = await files();
    const left = Array.from({ length: LEFT_PICTURES_BATCH + 1 }, () => leftFile(LEFT_BEHIND_MS + 1));
    await collection.insertMany(left.map((file, index) => (index === 0 ? { ...file, metadata: {} } : file)));
    await server.application.runJob('delete left pictures');
    expect(await files()).toBe(before);
  });

  it('of a patient is shown to who treats them and to staff, to nobody else', async () => {
    const id = await saved(await picture().png().toBuffer(), 'image/png');
    await expectRefusal(await get(id, ''), 401, 'unauthenticated');
    const doctor = await server.person('doctor', 'Dora Doctor');
    const as = async (person: Person) => get(id, await server.signIn(person));
    for (const other of [doctor, await server.person('patient', 'Nosy'), await server.person('administrator', 'Ada')])
      await expectRefusal(await as(other), 403, 'forbidden');
    await server.appointment(doctor, patient);
    expect((await as(doctor)).status).toBe(200);
    const staff = await server.person('staff', 'Sam');
    expect((await as(staff)).status).toBe(200);
    expect((await get(id)).status).toBe(200);
    const views = { action: 'view', detail: 'avatar', patientId: patient.id };
    const entries = await server.database.connection
      .collection('audit_entries')
      .find(views)
      .sort({ number: 1 })
      .toArray();
    expect(entries).toMatchObject([{ accountId: doctor.id }, { accountId: staff.id }]);
  });

  it('of a doctor is shown to everybody who is signed in', async () => {
    const own = await server.signIn(await server.person('doctor', 'Dora Doctor'));
    const response = await put(await picture().png().toBuffer(), 'image/png', { cookie: own });
    const { avatarId } = z.object({ avatarId: z.string() }).parse(await response.json());
    expect((await get(avatarId)).status).toBe(200);
    await expectRefusal(await get(avatarId, ''), 401, 'unauthenticated');
  });
});

describe('a hostile upload (A16)', () => {
  it('loses where it was taken, and everything else that a camera writes', async () => {
    const bytes = await picture()
      .withExif({ IFD0: { Copyright: 'CANARY-NAME' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).exif?.includes('CANARY-NAME')).toBe(true);
    const kept = await bytesOf(await get(await saved(bytes, 'image/jpeg')));
    const { exif, xmp, iptc, icc } = await sharp(kept).metadata();
    expect({ exif, xmp, iptc, icc }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, icc: undefined });
    expect(kept.includes('CANARY-NAME')).toBe(false);
  });

  it('is turned the way its camera meant before it forgets it', async () => {
    const upright = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#000000' } })
      .composite([
        { input: { create: { width: 200, height: 200, channels: 3, background: '#ffffff' } }, left: 0, top: 0 },
      ])
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toBuffer();
    const kept = await bytesOf(await get(await saved(upright, 'image/jpeg')));
    const { data } = await sharp(kept).raw().toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeLessThan(64);
  });

  it('keeps nothing that is hidden behind a picture (polyglot)', async () => {
    const bytes = Buffer.concat([
      await picture().jpeg().toBuffer(),
      Buffer.from('<script>alert(1)</script>PK\x03\x04'),
    ]);
    const kept = await bytesOf(await get(await saved(bytes, 'image/jpeg')));
    expect(kept.includes('<script>')).toBe(false);
    expect(kept.toString('latin1', 0, 4)).toBe('RIFF');
  });

  it.each([
    ['SVG that calls itself PNG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png'],
    ['HTML that calls itself JPEG', Buffer.from('<html><script>alert(1)</script></html>'), 'image/jpeg'],
    ['a PNG of 30,000 x 30,000', floodPng(), 'image/png'],
    ['a PNG header of 2 billion squared', blackPng(0x7fffffff, 0x7fffffff, Buffer.alloc(1000)), 'image/png'],
    ['nothing', Buffer.alloc(0), 'image/png'],
    ['only the beginning of a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png'],
  ])('is refused: %s', async (_what, bytes, contentType) => {
    const before = await files();
    await expectRefusal(await put(bytes, contentType), 400, 'image_unusable');
    expect(await files()).toBe(before);
  });

  it('is taken in the same form when it is small enough', async () => {
    await saved(floodPng(4000), 'image/png');
  });

  it('is refused when it is another kind of picture than it says', async () => {
    await expectRefusal(await put(await picture().png().toBuffer(), 'image/jpeg'), 400, 'image_unusable');
  });

  it('is refused when it is cut off', async () => {
    const bytes = await picture().png({ compressionLevel: 0 }).toBuffer();
    await expectRefusal(await put(bytes.subarray(0, bytes.length / 2), 'image/png'), 400, 'image_unusable');
  });

  it.each(['image/svg+xml', 'image/gif', 'text/html', 'application/json', 'multipart/form-data; boundary=x'])(
    'is refused by its type: %s',
    async (contentType) => {
      await expectRefusal(await put(Buffer.from('{}'), contentType), 415, 'unsupported_media_type');
    },
  );

  it('is refused when it is larger than 5 MB, also when it does not say so', async () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024 + 1);
    await expectRefusal(await put(bytes, 'image/png'), 413, 'body_too_large');
    expect(await putInPieces(bytes)).toBe(413);
  });

  it('is refused at once when it announces 1 GB', async () => {
    const headers = { cookie, 'content-type': 'image/png', 'content-length': String(1024 ** 3) };
    const outgoing = request(`${server.url}/api/profile/avatar`, { method: 'PUT', headers });
    const answered = once(outgoing, 'response').then(([response]: IncomingMessage[]) => response?.statusCode);
    outgoing.on('error', () => outgoing.destroy());
    outgoing.write(Buffer.alloc(1024));
    expect(await answered).toBe(413);
    outgoing.destroy();
  });

  it('is refused from other sites (A14), and without a session before it is read', async () => {
    const bytes = await picture().png().toBuffer();
    await expectRefusal(await put(bytes, 'image/png', { origin: 'https://evil.example' }), 403, 'forbidden');
    await expectRefusal(await put(bytes, 'image/png', { cookie: '' }), 401, 'unauthenticated');
  });

  it.each(['..%2f..%2fetc%2fpasswd', '%2e%2e%2f', 'x'.repeat(24), 'F'.repeat(24)])(
    'has no name that leads elsewhere: %s',
    async (name) => {
      const response = await get(name);
      expect([400, 404]).toContain(response.status);
    },
  );

  it('never ends in a failure of ours, whatever bytes follow a good beginning', async () => {
    const good = await picture(64, 64).png().toBuffer();
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(good);
      const at = 8 + ((round * 37) % (bytes.length - 8));
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      expect([200, 400]).toContain((await put(bytes, 'image/png')).status);
    }
  });
});
