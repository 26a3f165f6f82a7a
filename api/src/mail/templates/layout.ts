import type { MailContent } from '../message.ts';

/** A mail in parts: paragraphs, and at most one link with its label. */
export interface Letter {
  readonly subject: string;
  /** One paragraph each, above the link. */
  readonly before: readonly string[];
  readonly link?: { readonly label: string; readonly address: string };
  /** One paragraph each, below the link. */
  readonly after?: readonly string[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text inside of HTML: names come from people. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

/** Plain text and simple HTML of a letter; nothing is loaded from anywhere, so that opening it tells nobody. */
export function render({ subject, before, link, after = [] }: Letter): MailContent {
  const text = [...before, ...(link === undefined ? [] : [link.address]), ...after, 'Health Connect'].join('\n\n');
  const button =
    link === undefined
      ? []
      : [
          `<p><a href="${escapeHtml(link.address)}">${escapeHtml(link.label)}</a></p>`,
          `<p>${escapeHtml(link.address)}</p>`,
        ];
  const body = [...before.map(paragraph), ...button, ...after.map(paragraph), '<p>Health Connect</p>'].join('\n');
  const html = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>\n<body style="font: 16px/1.5 sans-serif">\n${body}\n</body></html>\n`;
  return { subject, text: `${text}\n`, html };
}
