import { describe, expect, it } from 'vitest';
import { isJson } from './body.ts';
import { readCookie } from './cookie.ts';
import { requireSameOrigin } from './same-origin.ts';

describe('readCookie', () => {
  it.each([
    ['a=1; b=2', 'b', '2'],
    ['b=first; b=second', 'b', 'first'],
    ['a=x=y', 'a', 'x=y'],
    ['xb=1', 'b', undefined],
    ['=1; b', 'b', undefined],
    ['', 'b', undefined],
    [undefined, 'b', undefined],
  ])('in %j finds %s: %s', (header, name, value) => {
    expect(readCookie(header, name)).toBe(value);
  });
});

describe('isJson', () => {
  it.each([
    ['application/json', undefined, true],
    ['APPLICATION/JSON; charset=UTF-8', 'identity', true],
    ['application/json; charset="utf-8"', undefined, true],
    ['application/json; charset=latin1', undefined, false],
    ['application/json', 'gzip', false],
    ['text/plain;application/json', undefined, false],
    ['application/jsonp', undefined, false],
    ['', undefined, false],
    [undefined, undefined, false],
  ])('%s with encoding %s: %s', (type, encoding, expected) => {
    expect(isJson(type, encoding)).toBe(expected);
  });
});

describe('requireSameOrigin', () => {
  const own = 'https://hospital.example';

  it.each([
    [{}, true],
    [{ origin: own }, true],
    [{ origin: own, 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: 'http://hospital.example' }, false],
    [{ origin: `${own}:444` }, false],
    [{ origin: `${own}.evil.example` }, false],
    [{ origin: 'null' }, false],
    [{ origin: own, 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
  ])('%j: %s', (headers, allowed) => {
    const check = () => requireSameOrigin(headers, own);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});
