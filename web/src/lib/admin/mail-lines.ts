/** One line of a mail: plain text, or a link that stands alone in its line. */
export interface MailLine {
  readonly text: string;
  readonly href: string | undefined;
}

/** The lines of a mail. Only web addresses become links. */
export function mailLines(text: string): readonly MailLine[] {
  return text
    .split(/\r?\n/)
    .map((line) => ({ text: line, href: /^https?:\/\/\S+$/.test(line.trim()) ? line.trim() : undefined }));
}
