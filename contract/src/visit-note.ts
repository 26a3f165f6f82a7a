import { z } from 'zod';
import { documentIdSchema, instantSchema } from './ids.ts';
import { paragraph } from './text.ts';

/** Parts of a note, in the order in which they are read. */
export const NOTE_SECTIONS = ['subjective', 'objective', 'assessment', 'plan', 'text'] as const;
export type NoteSection = (typeof NOTE_SECTIONS)[number];

/** What the doctor writes about a visit; `text` is free. */
export const noteContentSchema = z.strictObject({
  subjective: paragraph(10_000),
  objective: paragraph(10_000),
  assessment: paragraph(10_000),
  plan: paragraph(10_000),
  text: paragraph(20_000),
});
export type NoteContent = z.infer<typeof noteContentSchema>;

/** What an appointment tells of its note without showing it. `sealed`: signed, and not shared with the patient who asks. */
export const noteStateSchema = z.enum(['none', 'draft', 'signed', 'sealed']);
export type NoteState = z.infer<typeof noteStateSchema>;

/** What was added after signing; nothing that was signed is ever changed (R26). */
export const amendmentSchema = z.object({
  at: instantSchema,
  authorName: z.string().max(120),
  text: z.string().max(10_000),
});

/** The note of one visit: a draft until it is signed, immutable from then on. */
export const visitNoteSchema = z.object({
  appointmentId: documentIdSchema,
  visitStartsAt: instantSchema,
  doctorName: z.string().max(120),
  patientName: z.string().max(120),
  /** Rises with each saved draft; a save names the version that it was typed on. */
  version: z.int().min(0),
  content: noteContentSchema,
  savedAt: instantSchema.nullable(),
  signedAt: instantSchema.nullable(),
  signedBy: z.string().max(120),
  /** Whether the patient can read it once it is signed. */
  shared: z.boolean(),
  amendments: z.array(amendmentSchema).max(200),
});
export type VisitNote = z.infer<typeof visitNoteSchema>;
