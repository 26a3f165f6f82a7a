import { ACCOUNT_HEADER, appointmentEndpoints, authEndpoints, ProductError } from '@health-connect/contract';
import { describe, expect, it, vi } from 'vitest';
import { createApiClient, NoAnswerError } from './client.ts';

const account = {
  id: 'a'.repeat(24),
  role: 'patient',
  name: 'Ana',
  email: 'ana@clinic.org',
  status: 'active',
  avatarId: null,
  timeZone: null,
};
const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const failure = (status: number, code: string): Response =>
  json(status, { error: { code, message: 'Sign in to go on.', requestId: 'r-1' } });

function setUp(answers: (Response | Error)[], signsInAgain = false, refreshes = false) {
  const requests: { url: string; init: RequestInit }[] = [];
  let asked = 0;
  let refreshed = 0;
  const call = createApiClient({
    refreshSession: () => {
      refreshed += 1;
      return Promise.resolve(refreshes);
    },
    onSignInEnded: () => {
      asked += 1;
      return Promise.resolve(signsInAgain);
    },
    fetch: (input, init = {}) => {
      requests.push({ url: input instanceof Request ? input.url : input.toString(), init });
      const answer = answers.shift() ?? new TypeError('no answer prepared');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  return { call, requests, asked: () => asked, refreshed: () => refreshed };
}

describe('api client', () => {
  it('calls an endpoint by its declaration and drops what the declaration does not know', async () => {
    const { call, requests } = setUp([
      json(200, { status: 'signed-in', account: { ...account, passwordHash: 'x' }, extra: 1 }),
    ]);
    const answer = await call(authEndpoints.login, { body: { email: 'ana@clinic.org', password: 'p' } });
    expect(answer).toEqual({ status: 'signed-in', account });
    expect(requests[0]).toMatchObject({ url: '/api/auth/login', init: { method: 'POST', credentials: 'same-origin' } });
    expect(requests[0]?.init.body).toBe('{"email":"ana@clinic.org","password":"p"}');
  });

  it('fills path parameters in and encodes them', async () => {
    const { call, requests } = setUp([failure(404, 'not_found')]);
    await expect(call(appointmentEndpoints.one, { params: { appointmentId: 'a/b' } })).rejects.toThrow();
    expect(requests[0]?.url).toBe('/api/appointments/a%2Fb');
  });

  it('turns the error shape into a ProductError with its request id', async () => {
    const { call } = setUp([failure(403, 'forbidden')]);
    const error: unknown = await call(authEndpoints.me, {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProductError);
    expect(error).toMatchObject({ code: 'forbidden', requestId: 'r-1' });
  });

  it('learns from the answer when it is worth trying again', async () => {
    const tooMany = failure(429, 'rate_limited');
    tooMany.headers.set('Retry-After', '20');
    const { call } = setUp([tooMany, failure(429, 'rate_limited')]);
    const input = { body: { email: 'a@b.co', password: 'x' } };
    await expect(call(authEndpoints.login, input)).rejects.toMatchObject({ retryAfterSeconds: 20 });
    await expect(call(authEndpoints.login, input)).rejects.toMatchObject({ retryAfterSeconds: undefined });
  });

  it('asks the person to sign in again on 401 and repeats the request (R34)', async () => {
    const { call, requests, asked } = setUp([failure(401, 'unauthenticated'), json(200, { account })], true);
    expect(await call(authEndpoints.me, {})).toEqual({ account });
    expect([requests.length, asked()]).toEqual([2, 1]);
  });

  it('renews the session first, and asks nobody when that helps', async () => {
    const { call, requests, asked } = setUp([failure(401, 'unauthenticated'), json(200, { account })], false, true);
    expect(await call(authEndpoints.me, {})).toEqual({ account });
    expect([requests.length, asked()]).toEqual([2, 0]);
  });

  it('asks the person when the renewed session does not last', async () => {
    const ended = [failure(401, 'unauthenticated'), failure(401, 'unauthenticated')];
    const { call, asked, refreshed } = setUp([...ended, json(200, { account })], true, true);
    expect(await call(authEndpoints.me, {})).toEqual({ account });
    expect([asked(), refreshed()]).toEqual([1, 1]);
  });

  it('renews nothing for what needs no session', async () => {
    const { call, asked, refreshed } = setUp([failure(401, 'unauthenticated')], true, true);
    await expect(call(authEndpoints.refresh, {})).rejects.toMatchObject({ code: 'unauthenticated' });
    expect([asked(), refreshed()]).toEqual([0, 0]);
  });

  it('gives the refusal back when the person does not sign in again', async () => {
    const { call, requests } = setUp([failure(401, 'unauthenticated')]);
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(requests).toHaveLength(1);
  });

  it('does not ask to sign in again for a wrong password', async () => {
    const { call, asked } = setUp([failure(401, 'signin_wrong')], true);
    const input = { body: { email: 'a@b.co', password: 'x' } };
    await expect(call(authEndpoints.login, input)).rejects.toMatchObject({ code: 'signin_wrong' });
    expect(asked()).toBe(0);
  });

  describe('names the account that the page shows', () => {
    const ana = 'a'.repeat(24);
    const spokenFor = (answers: Response[], signIn: () => string | undefined, help = true) => {
      let speaker: string | undefined = ana;
      const sent: (string | null)[] = [];
      const onAccountChanged = vi.fn<() => void>();
      const call = createApiClient({
        refreshSession: () => Promise.resolve(false),
        onSignInEnded: () => {
          speaker = signIn();
          return Promise.resolve(help);
        },
        speaker: () => speaker,
        onAccountChanged,
        fetch: (_input, init) => {
          sent.push(new Headers(init?.headers).get(ACCOUNT_HEADER));
          return Promise.resolve(answers.shift() ?? failure(500, 'internal'));
        },
      });
      return { call, sent, onAccountChanged };
    };

    it('with each attempt, and not to sign in', async () => {
      const answers = [failure(401, 'unauthenticated'), json(200, { account }), json(200, {})];
      const { call, sent } = spokenFor(answers, () => ana);
      await call(authEndpoints.me, {});
      await call(authEndpoints.logout, {});
      expect(sent).toEqual([ana, ana, null]);
    });

    it.each(['b'.repeat(24), undefined])('and never sends again for %s what was wanted for another', async (next) => {
      const { call, sent } = spokenFor([failure(401, 'unauthenticated'), json(200, { account })], () => next);
      await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'account_changed' });
      expect(sent).toEqual([ana]);
    });

    it('and tells when the server knows another one', async () => {
      const { call, onAccountChanged } = spokenFor([failure(409, 'account_changed')], () => ana);
      await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'account_changed' });
      expect(onAccountChanged).toHaveBeenCalledOnce();
    });
  });

  it('calls an answer of a proxy without our shape unavailable', async () => {
    const { call } = setUp([
      new Response('<h1>Bad gateway</h1>', { status: 502 }),
      new Response('<h1>Busy</h1>', { status: 503, headers: { 'Retry-After': '30' } }),
    ]);
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'unavailable' });
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 30 });
  });

  it('refuses an answer out of shape instead of trusting it', async () => {
    const { call } = setUp([json(200, { account: { id: 7 } })]);
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('tells no answer from a refusal', async () => {
    const { call } = setUp([new TypeError('Failed to fetch')]);
    await expect(call(authEndpoints.me, {})).rejects.toBeInstanceOf(NoAnswerError);
  });

  it('gives up after its time limit', async () => {
    const call = createApiClient({
      refreshSession: () => Promise.resolve(false),
      onSignInEnded: () => Promise.resolve(false),
      timeoutMs: 10,
      fetch: (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        }),
    });
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('takes an answer that stops half-way for none', async () => {
    const stops = (signal: AbortSignal | null | undefined): Response =>
      new Response(
        new ReadableStream({
          start(stream) {
            stream.enqueue(new TextEncoder().encode('{"account":'));
            signal?.addEventListener('abort', () => stream.error(new DOMException('', 'AbortError')));
          },
        }),
      );
    const call = createApiClient({
      refreshSession: () => Promise.resolve(false),
      onSignInEnded: () => Promise.resolve(false),
      timeoutMs: 10,
      fetch: (_input, init) => Promise.resolve(stops(init?.signal)),
    });
    await expect(call(authEndpoints.me, {})).rejects.toMatchObject({ reason: 'timeout' });
    const gone = new AbortController();
    const given = call(authEndpoints.me, {}, { signal: gone.signal });
    gone.abort(new DOMException('', 'AbortError'));
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  });
});
