import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tabStorage } from '../storage.ts';
import { loginDraft, signUpDraft } from './draft.ts';
import { FormDraft, forgetDrafts } from './form-drafts.ts';

const ana = 'a'.repeat(24);
const ben = 'b'.repeat(24);
const amendment = (accountId: string | undefined) => FormDraft.of(accountId, 'amend.1', { text: '' });

describe('what is typed into a form (R34)', () => {
  beforeEach(() => sessionStorage.clear());
  afterEach(() => void vi.unstubAllGlobals());

  it('is there again for the same person and the same form alone', () => {
    amendment(ana).keep({ text: 'Take it twice' });
    expect(amendment(ana).restore()).toEqual({ text: 'Take it twice' });
    expect(amendment(ben).restore()).toEqual({ text: '' });
    expect(FormDraft.of(ana, 'amend.2', { text: '' }).restore()).toEqual({ text: '' });
  });

  it('is not kept of a form that was not touched: what is stored may change meanwhile', () => {
    const draft = FormDraft.of(ana, 'profile', { name: 'Ana' });
    draft.keep({ name: 'Ana Lind' });
    draft.keep({ name: 'Ana' });
    expect(FormDraft.of(ana, 'profile', { name: 'Ana Berg' }).restore()).toEqual({ name: 'Ana Berg' });
  });

  it('goes away with its saving, and with the one who typed it', () => {
    amendment(ana).keep({ text: 'x' });
    amendment(ana).forget();
    expect(amendment(ana).restore()).toEqual({ text: '' });

    amendment(ana).keep({ text: 'x' });
    amendment(ben).keep({ text: 'y' });
    forgetDrafts(ben);
    expect([amendment(ana).restore(), amendment(ben).restore()]).toEqual([{ text: '' }, { text: 'y' }]);
    forgetDrafts();
    expect(sessionStorage.length).toBe(0);
  });

  it('to make an account or to sign in goes away with the next sign-in, whoever it is', () => {
    signUpDraft.keep({ name: 'Maria', email: 'maria@clinic.org' });
    loginDraft.keep({ email: 'maria@clinic.org' });
    forgetDrafts(ben);
    expect(sessionStorage.length).toBe(0);
  });

  it('of a visitor is not kept', () => {
    amendment(undefined).keep({ text: 'x' });
    expect(sessionStorage.length).toBe(0);
  });

  it.each(['full', 'blocked'])('is kept by the page when the storage is %s, and goes away like the rest', (state) => {
    const refuse = () => {
      throw new DOMException('No', state === 'full' ? 'QuotaExceededError' : 'SecurityError');
    };
    const full = { getItem: () => null, setItem: refuse, removeItem: () => undefined, length: 0 };
    if (state === 'full') vi.stubGlobal('sessionStorage', full);
    else vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(refuse);
    amendment(ana).keep({ text: 'x' });
    expect(amendment(ana).restore()).toEqual({ text: 'x' });
    expect(tabStorage.isForgetful).toBe(true);
    forgetDrafts(ana);
    expect(amendment(ana).restore()).toEqual({ text: 'x' });
    forgetDrafts();
    expect(amendment(ana).restore()).toEqual({ text: '' });
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    expect(tabStorage.isForgetful).toBe(false);
  });
});
