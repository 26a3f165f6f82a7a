import { describe, expect, it } from 'vitest';
import { isVisitorsWish } from './visitors-wishes.ts';

describe('what visitors may wish (A7)', () => {
  it.each([
    '/api/auth/login',
    '/api/auth/login?',
    '/api/auth/login?again=1',
    '/api/auth/signup?x=/api/auth/me',
    '/api/auth/login#x',
    'http://clinic.example/api/auth/login',
  ])('waits for its turn: POST %s', (url) => expect(isVisitorsWish({ method: 'POST', url })).toBe(true));

  it.each([
    ['GET', '/api/auth/me'],
    ['GET', '/?next=/api/auth/login'],
    ['POST', '/api/auth/password/change'],
  ])('nothing else does: %s %s', (method, url) => expect(isVisitorsWish({ method, url })).toBe(false));
});
