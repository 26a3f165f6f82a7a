import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetToken, tokenOf } from './kept-token.ts';

const token = 'a'.repeat(43);
const other = 'b'.repeat(43);
const reset = (hash = '') => ({ pathname: '/reset', hash });

describe('the token of a mailed link', () => {
  beforeEach(() => sessionStorage.clear());

  it('is there again when the page is loaded again without it', () => {
    expect(tokenOf(reset(`#token=${token}`))).toBe(token);
    expect(tokenOf(reset())).toBe(token);
  });

  it('gives way to a newer one, and to nothing once it was used', () => {
    tokenOf(reset(`#token=${token}`));
    expect(tokenOf(reset(`#token=${other}`))).toBe(other);
    expect(tokenOf(reset())).toBe(other);
    forgetToken(reset());
    expect(tokenOf(reset())).toBeUndefined();
    expect(sessionStorage.length).toBe(0);
  });

  it('is good for its own page alone, and nonsense for none', () => {
    tokenOf(reset(`#token=${token}`));
    expect(tokenOf({ pathname: '/invitation', hash: '' })).toBeUndefined();
    expect(tokenOf({ pathname: '/verify', hash: '#token=x' })).toBeUndefined();
  });

  it('stays with the page where the browser keeps nothing', () => {
    vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
      throw new DOMException('No', 'SecurityError');
    });
    expect(tokenOf(reset(`#token=${token}`))).toBe(token);
    expect(tokenOf(reset())).toBe(token);
    forgetToken(reset());
    expect(tokenOf(reset())).toBeUndefined();
    vi.restoreAllMocks();
  });
});
