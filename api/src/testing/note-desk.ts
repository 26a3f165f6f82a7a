import { randomUUID } from 'node:crypto';
import { visitNoteSchema, type NoteContent, type VisitNote } from '@health-connect/contract';
import { expect } from 'vitest';
import { z } from 'zod';
import type { TestServer } from './test-server.ts';

const oneSchema = z.strictObject({ note: visitNoteSchema.strict() });

/** A note of which some sections are written. */
export const noteContent = (parts: Partial<NoteContent> = {}): NoteContent => ({
  subjective: '',
  objective: '',
  assessment: '',
  plan: '',
  text: '',
  ...parts,
});

/** The note of an answer that must be a success. */
export async function noteOf(response: Response): Promise<VisitNote> {
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(/^200 /);
  return oneSchema.parse(JSON.parse(text)).note;
}

/** Writes notes as pages do, for tests. */
export class NoteDesk {
  readonly #server: Pick<TestServer, 'call'>;

  private constructor(server: Pick<TestServer, 'call'>) {
    this.#server = server;
  }

  static create(server: Pick<TestServer, 'call'>): NoteDesk {
    return new NoteDesk(server);
  }

  read(cookie: string, id: string): Promise<Response> {
    return this.#server.call('GET', `/api/appointments/${id}/note`, { cookie });
  }

  save(
    cookie: string,
    id: string,
    version: number,
    parts: Partial<NoteContent> = { text: 'Seen' },
    shared = true,
  ): Promise<Response> {
    const body = { content: noteContent(parts), shared, version };
    return this.#server.call('PUT', `/api/appointments/${id}/note`, { cookie, body });
  }

  sign(cookie: string, id: string, version: number, shared = true): Promise<Response> {
    return this.#server.call('POST', `/api/appointments/${id}/note/sign`, { cookie, body: { version, shared } });
  }

  amend(cookie: string, id: string, text: string, idempotencyKey: string = randomUUID()): Promise<Response> {
    const body = { text, idempotencyKey };
    return this.#server.call('POST', `/api/appointments/${id}/note/amendments`, { cookie, body });
  }

  share(cookie: string, id: string, shared: boolean): Promise<Response> {
    return this.#server.call('PUT', `/api/appointments/${id}/note/shared`, { cookie, body: { shared } });
  }

  /** Writes and signs, and expects that it works. */
  async signed(cookie: string, id: string, parts: Partial<NoteContent> = { text: 'Seen' }, shared = true) {
    const { version } = await noteOf(await this.save(cookie, id, 0, parts, shared));
    return noteOf(await this.sign(cookie, id, version, shared));
  }
}
