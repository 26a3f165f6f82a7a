import {
  appointmentEndpoints,
  ProductError,
  type Appointment,
  type VisitNote,
  visitNoteEndpoints,
} from '@health-connect/contract';
import type { App } from '../app/app.svelte.ts';
import { NoteDrafts } from './note-drafts.ts';
import type { NoteServer } from './note-saving.ts';
import { NoteWriting } from './note-writing.svelte.ts';

/** A note for who reads it, or with `writing` for the doctor whose visit it is about. */
export interface OpenNote {
  readonly note: VisitNote;
  readonly writing: NoteWriting | undefined;
}

function serverOf({ call }: Pick<App, 'call'>, appointmentId: string): NoteServer {
  const params = { appointmentId };
  return {
    read: async () => (await call(visitNoteEndpoints.read, { params })).note,
    // It may be the last that a page does: the request goes on without it.
    save: async (body) => (await call(visitNoteEndpoints.save, { params, body }, { keepalive: isSmall(body) })).note,
    sign: async (body) => (await call(visitNoteEndpoints.sign, { params, body })).note,
    movedTo: async () => (await call(appointmentEndpoints.one, { params })).appointment.movedToId ?? undefined,
  };
}

/** Browsers let requests of up to 64 KiB outlive their page. */
const KEEPALIVE_BYTES = 60_000;
const isSmall = (body: unknown): boolean => new Blob([JSON.stringify(body)]).size < KEEPALIVE_BYTES;

/** The visit, where the signed-in person is its doctor. */
async function ownVisit(
  { call, session }: Pick<App, 'call' | 'session'>,
  appointmentId: string,
): Promise<Appointment | undefined> {
  if (session.account?.role !== 'doctor') return undefined;
  try {
    const { appointment } = await call(appointmentEndpoints.one, { params: { appointmentId } });
    return appointment.myParty === 'doctor' ? appointment : undefined;
  } catch (error) {
    // A colleague who treats the patient reads the note of a visit that is not theirs.
    if (error instanceof ProductError && (error.code === 'forbidden' || error.code === 'not_found')) return undefined;
    throw error;
  }
}

/** Reads a note, to write in it where that is the person's own visit. Throws what the server refuses. */
export async function openNote(app: Pick<App, 'call' | 'session'>, appointmentId: string): Promise<OpenNote> {
  const server = serverOf(app, appointmentId);
  const [note, own] = await Promise.all([server.read(), ownVisit(app, appointmentId)]);
  const accountId = app.session.account?.id;
  if (own === undefined || accountId === undefined) return { note, writing: undefined };
  const drafts = NoteDrafts.of(accountId, appointmentId);
  return { note, writing: NoteWriting.create(note, server, drafts, own.movedToId ?? undefined) };
}
