import {
  ProductError,
  type ErrorCode,
  type NoteContent,
  type NoteSection,
  type VisitNote,
} from '@health-connect/contract';
import { isAmong, isSameContent, joined, withoutControls } from './note-content.ts';
import type { NoteDraft, NoteDrafts } from './note-drafts.ts';
import type { NoteSaveState, NoteServer } from './note-saving.ts';

/** How long after the last key a draft is saved. */
export const SAVE_AFTER_MS = 2_000;
/** Who types on and on is saved in between. */
export const SAVE_WITHIN_MS = 20_000;
/** How long it waits after a failure, ever longer. */
const RETRY_MS = [2_000, 5_000, 10_000, 20_000] as const;

/** So many attempts without an answer are remembered. */
const ATTEMPTS_KEPT = 3;

/** Refusals that no repetition changes. */
const FINAL: readonly ErrorCode[] = [
  'forbidden',
  'not_found',
  'change_not_allowed',
  'validation_failed',
  'body_too_large',
];

const codeOf = (error: unknown): ErrorCode | undefined => (error instanceof ProductError ? error.code : undefined);

/** A note while it is written: saves itself, keeps what is not saved in this browser, and never overwrites silently. */
export class NoteWriting {
  readonly #server: NoteServer;
  readonly #drafts: NoteDrafts;
  #note = $state.raw() as VisitNote;
  #content = $state.raw() as NoteContent;
  #shared = $state(true);
  #state = $state<NoteSaveState>('saved');
  #theirs = $state.raw<VisitNote | undefined>();
  #leftover = $state.raw<NoteContent | undefined>();
  #restored = $state(false);
  #refusal = $state.raw<unknown>();
  #sent: readonly NoteContent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #changedSinceMs: number | undefined;
  #failures = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  #movedTo = $state.raw<string | undefined>();
  #looking: Promise<void> | undefined;
  #discarded = false;

  private constructor(note: VisitNote, server: NoteServer, drafts: NoteDrafts, movedTo: string | undefined) {
    this.#server = server;
    this.#drafts = drafts;
    this.#movedTo = movedTo;
    this.#adopt(note);
    this.#restore(drafts.restore());
  }

  /**
   * @param note the note as it was read just now; what this browser has kept of it comes back
   * @param movedTo the appointment that took the place of the visit, when that is known already
   */
  static create(note: VisitNote, server: NoteServer, drafts: NoteDrafts, movedTo?: string): NoteWriting {
    return new NoteWriting(note, server, drafts, movedTo);
  }

  /** The note as the server has it. */
  get note(): VisitNote {
    return this.#note;
  }

  get content(): NoteContent {
    return this.#content;
  }

  get shared(): boolean {
    return this.#shared;
  }

  get state(): NoteSaveState {
    return this.#state;
  }

  /** With `conflict`: what was saved elsewhere. */
  get theirs(): VisitNote | undefined {
    return this.#theirs;
  }

  /** What was typed but is not part of the note, because it was signed before it was saved. */
  get leftover(): NoteContent | undefined {
    return this.#leftover;
  }

  /** What is shown came out of this browser: it had not been saved when the page went away. */
  get restored(): boolean {
    return this.#restored;
  }

  /** With `refused`: why. */
  get refusal(): unknown {
    return this.#refusal;
  }

  /** The appointment moved: its note goes on there. */
  get movedTo(): string | undefined {
    return this.#movedTo;
  }

  write(section: NoteSection, text: string): void {
    if (this.#state === 'signed') return;
    this.#content = { ...this.#content, [section]: withoutControls(text) };
    this.#change(SAVE_AFTER_MS);
  }

  share(shared: boolean): void {
    if (this.#state === 'signed') return;
    this.#shared = shared;
    this.#change(0);
  }

  /** Saves at once what is not saved yet. True when the server has everything. Never throws. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    // What was typed during one save needs another one.
    for (let more = true; more; more = this.#state === 'changed') {
      this.#running ??= this.#save().finally(() => (this.#running = undefined));
      await this.#running;
    }
    return this.#state === 'saved' || this.#state === 'signed';
  }

  /** Signs what is saved. Throws what the server refuses; a conflict is shown as such. */
  async sign(): Promise<void> {
    try {
      this.#adopt(await this.#server.sign({ version: this.#note.version, shared: this.#shared }));
    } catch (error) {
      if (codeOf(error) !== 'note_conflict' && codeOf(error) !== 'note_signed') throw error;
      await this.#meet();
    }
  }

  /** A change of the signed note: an amendment, or whether it is shared. */
  update(note: VisitNote): void {
    this.#adopt(note);
  }

  /** Shows what became of a signed note elsewhere. What is still written is left alone. Never throws. */
  async readAgain(): Promise<void> {
    if (this.#state !== 'signed') return;
    const before = this.#note;
    const note = await this.#server.read().catch(() => undefined);
    // What was changed here meanwhile may be newer.
    if (note !== undefined && this.#note === before) this.#adopt(note);
  }

  /** Goes on with what is shown here, on top of what was saved elsewhere. */
  keepMine(): void {
    this.#settle(this.#content);
  }

  takeTheirs(): void {
    if (this.#theirs !== undefined) this.#settle(this.#theirs.content);
  }

  keepBoth(): void {
    if (this.#theirs !== undefined) this.#settle(joined(this.#content, this.#theirs.content));
  }

  /** Throws away what did not become part of the signed note. */
  dropLeftover(): void {
    this.#leftover = undefined;
    this.#drafts.forget();
  }

  /** Asks where the appointment has moved, when something says that it may have. Never throws. */
  async findMove(): Promise<string | undefined> {
    this.#looking ??= this.#lookForMove().finally(() => (this.#looking = undefined));
    await this.#looking;
    return this.#movedTo;
  }

  /** What is not saved goes along to where the appointment has moved; nothing is saved here any more. */
  handOver(): void {
    clearTimeout(this.#timer);
    this.#closed = true;
    if (this.#movedTo === undefined || !this.#isChanged()) return;
    const { version } = this.#note;
    const draft = { content: this.#content, shared: this.#shared, version, sent: this.#sent };
    this.#drafts.at(this.#movedTo).keep(draft);
    this.#drafts.forget();
    this.#content = this.#note.content;
    this.#shared = this.#note.shared;
    this.#state = 'saved';
  }

  /** Throws away what is not saved. Nothing can be written any more. */
  discard(): void {
    this.#closed = true;
    this.#discarded = true;
    clearTimeout(this.#timer);
    this.#drafts.forget();
  }

  /** The page goes away: what is not saved stays in this browser. */
  close(): void {
    void this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #lookForMove(): Promise<void> {
    this.#movedTo ??= await this.#server.movedTo().catch(() => undefined);
    if (this.#movedTo !== undefined && this.#state === 'changed') void this.flush();
  }

  #restore(draft: NoteDraft | undefined): void {
    if (draft === undefined) return;
    const { content, shared, version, sent } = draft;
    const isSigned = this.#note.signedAt !== null;
    const isOnTop = version === this.#note.version || isAmong(sent, this.#note.content);
    if (isSameContent(content, this.#note.content) && (isSigned || !isOnTop || shared === this.#note.shared)) {
      this.#drafts.forget();
      return;
    }
    if (isSigned) {
      this.#leftover = content;
      return;
    }
    this.#content = content;
    this.#shared = shared;
    this.#sent = sent;
    this.#restored = true;
    if (isOnTop) this.#change(0);
    else this.#contradict(this.#note);
  }

  #change(waitMs: number): void {
    this.#keep();
    if (this.#state === 'conflict') return;
    if (this.#state !== 'saving') this.#state = 'changed';
    this.#changedSinceMs ??= Date.now();
    const patienceMs = this.#changedSinceMs + SAVE_WITHIN_MS - Date.now();
    this.#schedule(Math.max(0, Math.min(waitMs, patienceMs)));
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.flush(), waitMs);
  }

  #keep(): void {
    if (this.#discarded) return;
    const { version } = this.#note;
    this.#drafts.keep({ content: this.#content, shared: this.#shared, version, sent: this.#sent });
  }

  async #save(): Promise<void> {
    if (this.#discarded || this.#state === 'conflict' || this.#state === 'signed' || !this.#isChanged()) return;
    // Nothing is saved at the old time any more: it waits for the way to the new one.
    if (this.#movedTo !== undefined) {
      this.#state = 'refused';
      return;
    }
    const attempt = { content: this.#content, shared: this.#shared, version: this.#note.version };
    this.#sent = [...this.#sent, attempt.content].slice(-ATTEMPTS_KEPT);
    this.#state = 'saving';
    this.#keep();
    try {
      this.#note = await this.#server.save(attempt);
      this.#failures = 0;
      this.#changedSinceMs = undefined;
      this.#afterSave();
    } catch (error) {
      await this.#fail(error);
    }
  }

  #afterSave(): void {
    this.#sent = [];
    this.#restored = false;
    if (this.#isChanged()) {
      this.#state = 'changed';
      this.#keep();
    } else {
      this.#state = 'saved';
      this.#drafts.forget();
    }
  }

  #isChanged(): boolean {
    return !isSameContent(this.#content, this.#note.content) || this.#shared !== this.#note.shared;
  }

  async #fail(error: unknown): Promise<void> {
    const code = codeOf(error);
    if (code === 'note_conflict' || code === 'note_signed') {
      await this.#meet().catch(() => this.#retryLater());
    } else if (code !== undefined && FINAL.includes(code)) {
      this.#state = 'refused';
      this.#refusal = error;
      if (code === 'change_not_allowed') await this.findMove();
    } else {
      this.#retryLater();
    }
  }

  #retryLater(): void {
    this.#state = 'unsaved';
    this.#schedule(RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 0);
    this.#failures += 1;
  }

  /** What was saved is what this page has sent: only the answer was lost. */
  #isOurs({ content }: VisitNote): boolean {
    return isAmong(this.#sent, content);
  }

  /** Looks at what was saved instead. */
  async #meet(): Promise<void> {
    const theirs = await this.#server.read();
    if (theirs.signedAt !== null) {
      const typed = this.#content;
      this.#adopt(theirs);
      if (!isSameContent(typed, theirs.content)) this.#leftover = typed;
      return;
    }
    if (!this.#isOurs(theirs)) {
      this.#contradict(theirs);
      return;
    }
    this.#note = theirs;
    this.#afterSave();
  }

  #contradict(theirs: VisitNote): void {
    this.#theirs = theirs;
    this.#state = 'conflict';
    this.#keep();
  }

  #settle(content: NoteContent): void {
    if (this.#theirs === undefined) return;
    this.#note = this.#theirs;
    this.#theirs = undefined;
    this.#content = content;
    this.#afterSave();
    if (this.#state === 'changed') this.#schedule(0);
  }

  #adopt(note: VisitNote): void {
    this.#note = note;
    this.#content = note.content;
    this.#shared = note.shared;
    this.#state = note.signedAt === null ? 'saved' : 'signed';
    clearTimeout(this.#timer);
    this.#sent = [];
  }
}
