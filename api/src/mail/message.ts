import { z } from 'zod';

/** A calendar entry that comes with a mail (RFC 6047); `method` says what the receiving calendar is to do with it. */
export const mailCalendarSchema = z.strictObject({ method: z.enum(['REQUEST', 'CANCEL']), content: z.string() });
export type MailCalendar = z.infer<typeof mailCalendarSchema>;

/** A mail as it waits to be sent. */
export const mailMessageSchema = z.strictObject({
  /** RFC 5322, 3.6.4: stays the same over all attempts, so that a receiver recognizes a second copy. */
  messageId: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  calendar: mailCalendarSchema.optional(),
});
export type MailMessage = z.infer<typeof mailMessageSchema>;

/** What a template gives: everything but the address. */
export type MailContent = Pick<MailMessage, 'subject' | 'text' | 'html' | 'calendar'>;
