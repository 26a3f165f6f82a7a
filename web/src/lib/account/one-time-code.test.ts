import { describe, expect, it } from 'vitest';
import { typedCode, typedRecoveryCode } from './one-time-code.ts';

describe('codes as people type them', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['12345', undefined],
    ['1234567', undefined],
    ['12345a', undefined],
  ])('%s is %s', (typed, code) => {
    expect(typedCode(typed)).toBe(code);
  });

  it('takes recovery codes in any case, with dashes or gaps', () => {
    expect(typedRecoveryCode('ABCD-efgh 2345-mnop')).toBe('abcdefgh2345mnop');
    expect(typedRecoveryCode('abcd')).toBeUndefined();
  });
});
