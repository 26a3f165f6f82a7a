import { noteContentSchema, type NoteContent } from '@health-connect/contract';
import { browserStorage } from '../storage.ts';

/** What was typed and is not known to be saved. */
export interface NoteDraft {
  readonly content: NoteContent;
  readonly shared: boolean;
  /** The version that it was typed on. */
  readonly version: number;
  /** What was sent without an answer so far, newest last: any of it may have been saved. */
  readonly sent: readonly NoteContent[];
}

/**
 * Keeps what was typed in this browser until the server has it: it survives a crash of the tab, the browser or the
 * server. One place for each account and visit, so that nobody gets what somebody else has typed at the same computer.
 */
export class NoteDrafts {
  readonly #accountId: string;
  readonly #key: string;

  private constructor(accountId: string, appointmentId: string) {
    this.#accountId = accountId;
    this.#key = `hc.note.${accountId}.${appointmentId}`;
  }

  static of(accountId: string, appointmentId: string): NoteDrafts {
    return new NoteDrafts(accountId, appointmentId);
  }

  /** The same person's place for another visit. */
  at(appointmentId: string): NoteDrafts {
    return new NoteDrafts(this.#accountId, appointmentId);
  }

  keep(draft: NoteDraft): void {
    browserStorage.setItem(this.#key, JSON.stringify(draft));
  }

  /** What was kept; anything else that is found there does not count. */
  restore(): NoteDraft | undefined {
    try {
      const value: unknown = JSON.parse(browserStorage.getItem(this.#key) ?? 'null');
      if (typeof value !== 'object' || value === null) return undefined;
      const { content, shared, version, sent }: Partial<Record<keyof NoteDraft, unknown>> = value;
      const parsed = noteContentSchema.safeParse(content);
      if (!parsed.success || typeof shared !== 'boolean' || typeof version !== 'number') return undefined;
      const attempts = (Array.isArray(sent) ? sent : []).flatMap((attempt) => {
        const known = noteContentSchema.safeParse(attempt);
        return known.success ? [known.data] : [];
      });
      return { content: parsed.data, shared, version, sent: attempts };
    } catch {
      return undefined;
    }
  }

  forget(): void {
    browserStorage.removeItem(this.#key);
  }
}
