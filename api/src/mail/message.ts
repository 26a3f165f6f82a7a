import { z } from 'zod';

/** A mail as it waits to be sent. */
export const mailMessageSchema = z.strictObject({
  /** RFC 5322, 3.6.4: stays the same over all attempts, so that a receiver recognizes a second copy. */
  messageId: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
export type MailMessage = z.infer<typeof mailMessageSchema>;

/** What a template gives: everything but the address. */
export type MailContent = Pick<MailMessage, 'subject' | 'text' | 'html'>;
