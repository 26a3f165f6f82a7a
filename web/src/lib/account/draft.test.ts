import { beforeEach, describe, expect, it } from 'vitest';
import { Draft } from './draft.ts';

describe('draft of a form (R34)', () => {
  beforeEach(() => sessionStorage.clear());

  it('brings back what was typed before a reload', () => {
    Draft.create('d').keep({ name: 'Ana', email: 'ana@clinic.org' });
    expect(Draft.create('d').restore({ name: '', email: '', role: 'patient' })).toEqual({
      name: 'Ana',
      email: 'ana@clinic.org',
      role: 'patient',
    });
  });

  it('is empty when it was forgotten, and when the storage holds nonsense', () => {
    const draft = Draft.create<{ name: string }>('d');
    draft.keep({ name: 'Ana' });
    draft.forget();
    expect(draft.restore({ name: '' })).toEqual({ name: '' });
    sessionStorage.setItem('d', '{"name":7');
    expect(draft.restore({ name: '' })).toEqual({ name: '' });
    sessionStorage.setItem('d', '{"name":7}');
    expect(draft.restore({ name: '' })).toEqual({ name: '' });
  });
});
