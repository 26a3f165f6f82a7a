import { ProductError } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { NoteDrafts } from './note-drafts.ts';
import { NoteWriting, SAVE_AFTER_MS, SAVE_WITHIN_MS } from './note-writing.svelte.ts';
import { contentOf, noteOf } from './testing/note.ts';
import { ACCOUNT, drafts, it as noteTest, pass } from './testing/note-test.ts';

const it = noteTest.extend('conflicting', ({ open, server }) => async (): Promise<NoteWriting> => {
  const writing = open();
  server.note = noteOf({ version: 1, content: contentOf({ plan: 'Theirs', text: 'Only theirs' }) });
  writing.write('plan', 'Mine');
  await pass(SAVE_AFTER_MS);
  expect([writing.state, writing.theirs?.content.plan]).toEqual(['conflict', 'Theirs']);
  expect(server.note.content.plan).toBe('Theirs');
  return writing;
});

describe('two writers', () => {
  it('choose mine', async ({ server, conflicting }) => {
    const writing = await conflicting();
    writing.keepMine();
    await pass(0);
    expect([writing.state, server.note.content]).toEqual(['saved', contentOf({ plan: 'Mine' })]);
  });

  it('choose the other one', async ({ conflicting }) => {
    const writing = await conflicting();
    writing.takeTheirs();
    expect([writing.state, writing.content.plan, drafts.restore()]).toEqual(['saved', 'Theirs', undefined]);
  });

  it('put both together', async ({ server, conflicting }) => {
    const writing = await conflicting();
    writing.keepBoth();
    await pass(0);
    expect(server.note.content).toEqual(contentOf({ plan: 'Mine\n\nTheirs', text: 'Only theirs' }));
  });

  it('are told of after a crash, too', ({ open, server }) => {
    open().write('plan', 'Mine');
    server.note = noteOf({ version: 3, content: contentOf({ plan: 'Theirs' }) });
    const again = open();
    expect([again.state, again.content.plan, again.theirs?.version]).toEqual(['conflict', 'Mine', 3]);
  });

  it('save nothing more until the person has chosen', async ({ server, conflicting }) => {
    const writing = await conflicting();
    const { saves } = server;
    writing.write('plan', 'Mine, more');
    await pass(60_000);
    expect([server.saves, drafts.restore()?.content.plan]).toEqual([saves, 'Mine, more']);
  });
});

describe('a note whose appointment has moved', () => {
  const successor = 'e'.repeat(24);
  const later = NoteDrafts.of(ACCOUNT, successor);

  it('takes what is typed along, and is not kept or saved here any more', async ({ open, server }) => {
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

  it('keeps what is typed, and asks the server for nothing more, once it is known', async ({ open, server }) => {
    const writing = open();
    writing.write('plan', 'Ask about');
    server.successor = successor;
    expect(await writing.findMove()).toBe(successor);
    writing.write('plan', 'Ask about the knee');
    await pass(SAVE_WITHIN_MS);
    expect(await writing.flush()).toBe(false);
    expect([server.saves, writing.state, drafts.restore()?.content.plan]).toEqual([0, 'refused', 'Ask about the knee']);
    writing.handOver();
    expect(later.restore()?.content.plan).toBe('Ask about the knee');
  });

  it('is known from the start where it moved before the page was opened, and nothing typed leaves nothing', ({
    server,
  }) => {
    const writing = NoteWriting.create(server.note, server, drafts, successor);
    expect(writing.movedTo).toBe(successor);
    writing.handOver();
    expect(later.restore()).toBeUndefined();
  });

  it('stays where it is refused for another reason, or nobody knows where it went', async ({ open, server }) => {
    const writing = open();
    server.fails = [new ProductError('change_not_allowed')];
    writing.write('plan', 'Kept');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.movedTo]).toEqual(['refused', undefined]);
    writing.handOver();
    expect(drafts.restore()).toMatchObject({ content: { plan: 'Kept' } });
  });
});
