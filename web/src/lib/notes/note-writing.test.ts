import { ProductError, type VisitNote } from '@health-connect/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NoAnswerError } from '../api/client.ts';
import { NoteDrafts } from './note-drafts.ts';
import type { NoteServer } from './note-saving.ts';
import { NoteWriting, SAVE_AFTER_MS, SAVE_WITHIN_MS } from './note-writing.svelte.ts';
import { contentOf, noteOf } from './testing/note.ts';

const ACCOUNT = 'd'.repeat(24);
const drafts = NoteDrafts.of(ACCOUNT, 'a'.repeat(24));
const offline = (): Error => new NoAnswerError('offline', undefined);

/** A server that holds one note as the api does; `fails` are what its next saves end in, `lost` loses the answer only. */
class FakeServer implements NoteServer {
  note: VisitNote = noteOf();
  fails: (Error | 'lost')[] = [];
  saves = 0;
  successor: string | undefined;
  hold: Promise<void> | undefined;

  read(): Promise<VisitNote> {
    return Promise.resolve(this.note);
  }

  async save({ content, shared, version }: Parameters<NoteServer['save']>[0]): Promise<VisitNote> {
    this.saves += 1;
    const failure = this.fails.shift();
    await this.hold;
    if (failure instanceof Error) throw failure;
    if (this.note.signedAt !== null) throw new ProductError('note_signed');
    if (version !== this.note.version) throw new ProductError('note_conflict');
    this.note = { ...this.note, content, shared, version: version + 1, savedAt: '2030-01-01T10:31:00.000Z' };
    if (failure === 'lost') throw offline();
    return this.note;
  }

  movedTo(): Promise<string | undefined> {
    return Promise.resolve(this.successor);
  }

  sign({ version, shared }: Parameters<NoteServer['sign']>[0]): Promise<VisitNote> {
    if (version !== this.note.version) return Promise.reject(new ProductError('note_conflict'));
    this.note = { ...this.note, shared, signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima' };
    return Promise.resolve(this.note);
  }
}

let server: FakeServer;
const open = (): NoteWriting => NoteWriting.create(server.note, server, drafts);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  server = new FakeServer();
});
afterEach(() => vi.useRealTimers());

describe('a draft that comes back', () => {
  const unticked = (version: number, sent = noteOf().content) =>
    drafts.keep({ content: noteOf().content, shared: false, version, sent: [sent] });

  it('holds back what is not to be shared, also where no word was typed', async () => {
    const writing = open();
    server.fails = [offline()];
    writing.share(false);
    await pass(0);
    writing.close();
    const again = open();
    expect([again.shared, again.restored, again.state]).toEqual([false, true, 'changed']);
    await pass(0);
    expect([server.note.shared, again.state, drafts.restore()]).toEqual([false, 'saved', undefined]);
  });

  it('does so where its words were saved but the answer was lost', async () => {
    unticked(server.note.version);
    server.note = { ...server.note, version: server.note.version + 1 };
    expect(open().shared).toBe(false);
    await pass(0);
    expect(server.note.shared).toBe(false);
  });

  it('leaves a newer note as it is, and a signed one', () => {
    unticked(server.note.version, contentOf({ plan: 'Something else' }));
    server.note = { ...server.note, version: server.note.version + 1 };
    expect([open().shared, drafts.restore()]).toEqual([true, undefined]);
    unticked(server.note.version);
    server.note = { ...server.note, signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima' };
    const signed = open();
    expect([signed.state, signed.leftover, drafts.restore()]).toEqual(['signed', undefined, undefined]);
  });
});

describe('a note that is written', () => {
  it('is saved two seconds after the last key, and kept in the browser only until then', async () => {
    const writing = open();
    writing.write('plan', 'Re');
    await pass(SAVE_AFTER_MS - 1);
    writing.write('plan', 'Rest');
    await pass(SAVE_AFTER_MS - 1);
    expect([server.saves, writing.state, drafts.restore()?.content.plan]).toEqual([0, 'changed', 'Rest']);
    await pass(1);
    expect([server.saves, server.note.content.plan, writing.state]).toEqual([1, 'Rest', 'saved']);
    expect(drafts.restore()).toBeUndefined();
  });

  it('is saved in between while somebody types on and on', async () => {
    const writing = open();
    for (let ms = 0; ms <= SAVE_WITHIN_MS; ms += 1_000) {
      writing.write('text', `${ms}`);
      await pass(1_000);
    }
    expect(server.saves).toBeGreaterThanOrEqual(1);
  });

  it('is saved at once when the field is left', async () => {
    const writing = open();
    writing.write('plan', 'Rest');
    expect(await writing.flush()).toBe(true);
    expect([server.saves, writing.state]).toEqual([1, 'saved']);
    await pass(60_000);
    expect(server.saves).toBe(1);
  });

  it('saves what was typed while an earlier save was on its way, with the new version', async () => {
    const writing = open();
    let answer = (): void => undefined;
    server.hold = new Promise((resolve) => (answer = resolve));
    writing.write('plan', 'Rest');
    const flushed = writing.flush();
    writing.write('plan', 'Rest and tea');
    expect(writing.state).toBe('saving');
    answer();
    expect(await flushed).toBe(true);
    expect([server.saves, server.note.content.plan, server.note.version]).toEqual([2, 'Rest and tea', 2]);
  });

  it('says that it is not saved, keeps it in the browser, and keeps trying', async () => {
    const writing = open();
    server.fails = [offline(), new ProductError('unavailable')];
    writing.write('plan', 'Rest');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, drafts.restore()?.content.plan]).toEqual(['unsaved', 'Rest']);
    await pass(10_000);
    expect([writing.state, server.note.content.plan, drafts.restore()]).toEqual(['saved', 'Rest', undefined]);
  });

  it('does not try again what will never be taken', async () => {
    const writing = open();
    server.fails = [new ProductError('forbidden')];
    writing.write('plan', 'Rest');
    await pass(600_000);
    expect([writing.state, server.saves]).toEqual(['refused', 1]);
    expect(drafts.restore()?.content.plan).toBe('Rest');
  });

  it('leaves out signs that cannot be shown', () => {
    const writing = open();
    writing.write('plan', 'a\u0000b\u000bc\n\td');
    expect(writing.content.plan).toBe('abc\n\td');
  });

  it('shares with the patient unless the doctor says no, which is saved at once', async () => {
    const writing = open();
    expect(writing.shared).toBe(true);
    writing.share(false);
    await pass(0);
    expect(server.note.shared).toBe(false);
  });
});

describe('a draft in the browser', () => {
  it('comes back after a crash and is saved', async () => {
    open().write('plan', 'Rest');
    const again = open();
    expect([again.content.plan, again.restored, again.state]).toEqual(['Rest', true, 'changed']);
    await pass(0);
    expect([server.note.content.plan, drafts.restore()]).toEqual(['Rest', undefined]);
  });

  it('belongs to one account and one visit', () => {
    open().write('plan', 'Rest');
    expect(NoteDrafts.of('e'.repeat(24), 'a'.repeat(24)).restore()).toBeUndefined();
    expect(NoteDrafts.of(ACCOUNT, 'b'.repeat(24)).restore()).toBeUndefined();
  });

  it('that was saved without an answer is no conflict', async () => {
    const writing = open();
    server.fails = ['lost'];
    writing.write('plan', 'Rest');
    await pass(SAVE_AFTER_MS);
    expect(writing.state).toBe('unsaved');
    writing.write('plan', 'Rest and tea');
    await pass(SAVE_AFTER_MS);
    await pass(SAVE_AFTER_MS);
    expect([writing.state, server.note.content.plan]).toEqual(['saved', 'Rest and tea']);
  });

  it('that was saved without an answer before a crash is no conflict either', async () => {
    const writing = open();
    server.fails = ['lost'];
    writing.write('plan', 'Rest');
    await pass(SAVE_AFTER_MS);
    writing.write('plan', 'Rest and tea');
    writing.close();
    const again = open();
    expect(again.state).toBe('changed');
    await pass(SAVE_AFTER_MS);
    expect([again.state, server.note.content.plan]).toEqual(['saved', 'Rest and tea']);
  });

  it('that is broken counts as none', () => {
    localStorage.setItem(`hc.note.${ACCOUNT}.${'a'.repeat(24)}`, '{"content":{"plan":1}}');
    expect(open().state).toBe('saved');
  });
});

describe('two writers', () => {
  const conflicting = async (): Promise<NoteWriting> => {
    const writing = open();
    server.note = noteOf({ version: 1, content: contentOf({ plan: 'Theirs', text: 'Only theirs' }) });
    writing.write('plan', 'Mine');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.theirs?.content.plan]).toEqual(['conflict', 'Theirs']);
    expect(server.note.content.plan).toBe('Theirs');
    return writing;
  };

  it('choose mine', async () => {
    const writing = await conflicting();
    writing.keepMine();
    await pass(0);
    expect([writing.state, server.note.content]).toEqual(['saved', contentOf({ plan: 'Mine' })]);
  });

  it('choose the other one', async () => {
    const writing = await conflicting();
    writing.takeTheirs();
    expect([writing.state, writing.content.plan, drafts.restore()]).toEqual(['saved', 'Theirs', undefined]);
  });

  it('put both together', async () => {
    const writing = await conflicting();
    writing.keepBoth();
    await pass(0);
    expect(server.note.content).toEqual(contentOf({ plan: 'Mine\n\nTheirs', text: 'Only theirs' }));
  });

  it('are told of after a crash, too', () => {
    open().write('plan', 'Mine');
    server.note = noteOf({ version: 3, content: contentOf({ plan: 'Theirs' }) });
    const again = open();
    expect([again.state, again.content.plan, again.theirs?.version]).toEqual(['conflict', 'Mine', 3]);
  });

  it('save nothing more until the person has chosen', async () => {
    const writing = await conflicting();
    const { saves } = server;
    writing.write('plan', 'Mine, more');
    await pass(60_000);
    expect([server.saves, drafts.restore()?.content.plan]).toEqual([saves, 'Mine, more']);
  });
});

describe('notes that are thrown away', () => {
  it('leave nothing in the browser, whatever becomes of a save under way', async () => {
    const writing = open();
    server.note = noteOf({ version: 1, content: contentOf({ plan: 'Theirs' }) });
    writing.write('plan', 'Mine');
    const saving = writing.flush();
    writing.discard();
    await saving;
    expect(drafts.restore()).toBeUndefined();
    writing.close();
    await pass(60_000);
    expect([drafts.restore(), server.note.content.plan]).toEqual([undefined, 'Theirs']);
  });
});

describe('a signed note', () => {
  it('changes no more', async () => {
    const writing = open();
    writing.write('plan', 'Rest');
    await writing.flush();
    await writing.sign();
    expect([writing.state, writing.note.signedBy]).toEqual(['signed', 'Dr Lima']);
    writing.write('plan', 'Other');
    await pass(60_000);
    expect([writing.content.plan, server.saves]).toEqual(['Rest', 1]);
  });

  it('that was signed elsewhere keeps what was typed beside it', async () => {
    const writing = open();
    server.note = noteOf({ version: 2, content: contentOf({ plan: 'Rest' }), signedAt: '2030-01-01T10:40:00.000Z' });
    writing.write('plan', 'Rest and tea');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.content.plan, writing.leftover?.plan]).toEqual(['signed', 'Rest', 'Rest and tea']);
    expect(open().leftover?.plan).toBe('Rest and tea');
    writing.dropLeftover();
    expect([writing.leftover, drafts.restore()]).toEqual([undefined, undefined]);
  });

  it('is not signed over what was saved elsewhere meanwhile', async () => {
    const writing = open();
    writing.write('plan', 'Rest');
    await writing.flush();
    server.note = { ...server.note, version: 5, content: contentOf({ plan: 'Theirs' }) };
    await writing.sign();
    expect([writing.state, server.note.signedAt]).toEqual(['conflict', null]);
  });
});

describe('a note whose appointment has moved', () => {
  const successor = 'e'.repeat(24);
  const later = NoteDrafts.of(ACCOUNT, successor);

  it('takes what is typed along, and is not kept or saved here any more', async () => {
    const writing = open();
    server.fails = [new ProductError('change_not_allowed')];
    server.successor = successor;
    writing.write('plan', 'Ask about the knee');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.movedTo]).toEqual(['refused', successor]);
    writing.handOver();
    writing.close();
    await pass(SAVE_WITHIN_MS);
    expect([server.saves, writing.state, drafts.restore()]).toEqual([1, 'saved', undefined]);
    expect(later.restore()).toMatchObject({ content: { plan: 'Ask about the knee' }, version: server.note.version });
    // There it is the latest, and is saved.
    const there = NoteWriting.create(server.note, server, later);
    expect(there.content.plan).toBe('Ask about the knee');
    await pass(0);
    expect([server.note.content.plan, later.restore()]).toEqual(['Ask about the knee', undefined]);
  });

  it('is known from the start where it moved before the page was opened, and nothing typed leaves nothing', () => {
    const writing = NoteWriting.create(server.note, server, drafts, successor);
    expect(writing.movedTo).toBe(successor);
    writing.handOver();
    expect(later.restore()).toBeUndefined();
  });

  it('stays where it is refused for another reason, or nobody knows where it went', async () => {
    const writing = open();
    server.fails = [new ProductError('change_not_allowed')];
    writing.write('plan', 'Kept');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.movedTo]).toEqual(['refused', undefined]);
    writing.handOver();
    expect(drafts.restore()).toMatchObject({ content: { plan: 'Kept' } });
  });
});
