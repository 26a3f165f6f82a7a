import { ProductError } from '@health-connect/contract';
import { describe, expect, vi } from 'vitest';
import { SAVE_AFTER_MS, SAVE_WITHIN_MS } from './note-writing.svelte.ts';
import { offline } from './testing/fake-note-server.ts';
import { contentOf, noteOf } from './testing/note.ts';
import { drafts, it, pass } from './testing/note-test.ts';

describe('a note that is written', () => {
  it('is saved two seconds after the last key, and kept in the browser only until then', async ({ open, server }) => {
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

  it('is saved in between while somebody types on and on', async ({ open, server }) => {
    const writing = open();
    for (let ms = 0; ms <= SAVE_WITHIN_MS; ms += 1_000) {
      writing.write('text', `${ms}`);
      await pass(1_000);
    }
    expect(server.saves).toBeGreaterThanOrEqual(1);
  });

  it('is saved at once when the field is left', async ({ open, server }) => {
    const writing = open();
    writing.write('plan', 'Rest');
    expect(await writing.flush()).toBe(true);
    expect([server.saves, writing.state]).toEqual([1, 'saved']);
    await pass(60_000);
    expect(server.saves).toBe(1);
  });

  it('saves what was typed while an earlier save was on its way, with the new version', async ({ open, server }) => {
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

  it('says that it is not saved, keeps it in the browser, and keeps trying', async ({ open, server }) => {
    const writing = open();
    server.fails = [offline(), new ProductError('unavailable')];
    writing.write('plan', 'Rest');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, drafts.restore()?.content.plan]).toEqual(['unsaved', 'Rest']);
    await pass(10_000);
    expect([writing.state, server.note.content.plan, drafts.restore()]).toEqual(['saved', 'Rest', undefined]);
  });

  it('does not try again what will never be taken', async ({ open, server }) => {
    const writing = open();
    server.fails = [new ProductError('forbidden')];
    writing.write('plan', 'Rest');
    await pass(600_000);
    expect([writing.state, server.saves]).toEqual(['refused', 1]);
    expect(drafts.restore()?.content.plan).toBe('Rest');
  });

  it('leaves out signs that cannot be shown', ({ open }) => {
    const writing = open();
    writing.write('plan', 'a\u0000b\u000bc\n\td');
    expect(writing.content.plan).toBe('abc\n\td');
  });

  it.for([
    ['a name that was copied out of an Arabic sentence', 'For \u2068Clara Lima\u2069'],
    ['half of a sign', 'Well \uD83D'],
    ['spaces at its end', 'Rest  '],
  ] as const)('is saved once, also where the server stores less of it: %s', async ([, text], { open, server }) => {
    const save = server.save.bind(server);
    vi.spyOn(server, 'save').mockImplementation((draft) =>
      server.saves < 5 ? save(draft) : Promise.reject(new ProductError('forbidden')),
    );
    const writing = open();
    writing.write('plan', text);
    expect(await writing.flush()).toBe(true);
    expect([server.saves, writing.state]).toEqual([1, 'saved']);
    expect(drafts.restore()).toBeUndefined();
  });

  it('shares with the patient unless the doctor says no, which is saved at once', async ({ open, server }) => {
    const writing = open();
    expect(writing.shared).toBe(true);
    writing.share(false);
    await pass(0);
    expect(server.note.shared).toBe(false);
  });
});

describe('notes that are thrown away', () => {
  it('leave nothing in the browser, whatever becomes of a save under way', async ({ open, server }) => {
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
  it('changes no more', async ({ open, server }) => {
    const writing = open();
    writing.write('plan', 'Rest');
    await writing.flush();
    await writing.sign();
    expect([writing.state, writing.note.signedBy]).toEqual(['signed', 'Dr Lima']);
    writing.write('plan', 'Other');
    await pass(60_000);
    expect([writing.content.plan, server.saves]).toEqual(['Rest', 1]);
  });

  it('that was signed elsewhere keeps what was typed beside it', async ({ open, server }) => {
    const writing = open();
    server.note = noteOf({ version: 2, content: contentOf({ plan: 'Rest' }), signedAt: '2030-01-01T10:40:00.000Z' });
    writing.write('plan', 'Rest and tea');
    await pass(SAVE_AFTER_MS);
    expect([writing.state, writing.content.plan, writing.leftover?.plan]).toEqual(['signed', 'Rest', 'Rest and tea']);
    expect(open().leftover?.plan).toBe('Rest and tea');
    writing.dropLeftover();
    expect([writing.leftover, drafts.restore()]).toEqual([undefined, undefined]);
  });

  it('is not signed over what was saved elsewhere meanwhile', async ({ open, server }) => {
    const writing = open();
    writing.write('plan', 'Rest');
    await writing.flush();
    server.note = { ...server.note, version: 5, content: contentOf({ plan: 'Theirs' }) };
    await writing.sign();
    expect([writing.state, server.note.signedAt]).toEqual(['conflict', null]);
  });
});
