import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { NoteSigningService } from './note-signing.service.ts';
import type { VisitNoteService } from './visit-note.service.ts';

/** Notes of visits (R26, R45). */
export function visitNoteRoutes(notes: VisitNoteService, signing: NoteSigningService): Binding[] {
  const { read, save, sign, amend, share, unsigned } = endpoints.visitNotes;
  return [
    bind(read, async ({ actor, params }) => ({ note: await notes.read(actor, params.appointmentId) })),
    bind(save, async ({ actor, params, body }) => ({ note: await notes.save(actor, params.appointmentId, body) })),
    bind(sign, async ({ actor, params, body }) => ({ note: await signing.sign(actor, params.appointmentId, body) })),
    bind(amend, async ({ actor, params, body }) => ({ note: await signing.amend(actor, params.appointmentId, body) })),
    bind(share, async ({ actor, params, body }) => ({
      note: await signing.share(actor, params.appointmentId, body.shared),
    })),
    bind(unsigned, async ({ actor }) => ({ visits: await notes.unsigned(actor) })),
  ];
}
