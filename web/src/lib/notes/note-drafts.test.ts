import { describe, expect } from 'vitest';
import { NoteDrafts } from './note-drafts.ts';
import { SAVE_AFTER_MS } from './note-writing.svelte.ts';
import { offline } from './testing/fake-note-server.ts';
import { contentOf, noteOf } from './testing/note.ts';
import { ACCOUNT, drafts, it as noteTest, pass } from './testing/note-test.ts';

const it = noteTest.extend(
  'unticked',
  () =>
    (version: number, sent = noteOf().content) =>
      drafts.keep({ content: noteOf().content, shared: false, version, sent: [sent] }),
);

describe('a draft that comes back', () => {
  it('holds back what is not to be shared, also where no word was typed', async ({ open, server }) => {
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

  it('does so where its words were saved but the answer was lost', async ({ open, server, unticked }) => {
    unticked(server.note.version);
    server.note = { ...server.note, version: server.note.version + 1 };
    expect(open().shared).toBe(false);
    await pass(0);
    expect(server.note.shared).toBe(false);
  });

  it('leaves a newer note as it is, and a signed one', ({ open, server, unticked }) => {
    unticked(server.note.version, contentOf({ plan: 'Something else' }));
    server.note = { ...server.note, version: server.note.version + 1 };
    expect([open().shared, drafts.restore()]).toEqual([true, undefined]);
    unticked(server.note.version);
    server.note = { ...server.note, signedAt: '2030-01-01T10:40:00.000Z', signedBy: 'Dr Lima' };
    const signed = open();
    expect([signed.state, signed.leftover, drafts.restore()]).toEqual(['signed', undefined, undefined]);
  });
});

describe('a draft in the browser', () => {
  it('comes back after a crash and is saved', async ({ open, server }) => {
    open().write('plan', 'Rest');
    const again = open();
    expect([again.content.plan, again.restored, again.state]).toEqual(['Rest', true, 'changed']);
    await pass(0);
    expect([server.note.content.plan, drafts.restore()]).toEqual(['Rest', undefined]);
  });

  it('belongs to one account and one visit', ({ open }) => {
    open().write('plan', 'Rest');
    expect(NoteDrafts.of('e'.repeat(24), 'a'.repeat(24)).restore()).toBeUndefined();
    expect(NoteDrafts.of(ACCOUNT, 'b'.repeat(24)).restore()).toBeUndefined();
  });

  it('that was saved without an answer is no conflict', async ({ open, server }) => {
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

  it('that was saved without an answer before a crash is no conflict either', async ({ open, server }) => {
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

  it('that is broken counts as none', ({ open }) => {
    localStorage.setItem(`hc.note.${ACCOUNT}.${'a'.repeat(24)}`, '{"content":{"plan":1}}');
    expect(open().state).toBe('saved');
  });
});
