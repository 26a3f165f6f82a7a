import { authEndpoints, ProductError, type Account } from '@health-connect/contract';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { Session } from './session.svelte.ts';

const account = (id: string, name: string): Account => ({
  id: id.repeat(24),
  role: 'patient',
  name,
  email: `${name.toLowerCase()}@clinic.org`,
  status: 'active',
  avatarId: null,
  timeZone: null,
});
const ana = account('a', 'Ana');
const ben = account('b', 'Ben');
const credentials = { email: 'x@clinic.org', password: 'p' };

/** A page on which Ana is signed in, and a server that lets in whoever is `next`. */
async function setUp() {
  const server = { next: ana };
  const leavePage = vi.fn<() => void>();
  const tell = vi.fn<(news: object) => void>();
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: () => Promise.resolve(new Response(JSON.stringify({ status: 'signed-in', account: server.next }))),
  });
  const session = Session.create({ leavePage, tell });
  session.connect(call);
  await session.load();
  return { session, server, leavePage, tell };
}

describe('a sign-in that has ended (R34)', () => {
  beforeEach(() => sessionStorage.clear());

  it('goes on with what waits when the same person signs in again', async () => {
    const { session, leavePage } = await setUp();
    const waiting = [session.renew(), session.renew()];
    expect([session.state, session.asking]).toEqual(['expired', true]);
    await session.signIn(credentials);
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect([session.state, session.asking]).toEqual(['signed-in', false]);
    expect(leavePage).not.toHaveBeenCalled();
  });

  it('gives up what waits when somebody else signs in, shows nothing any more and leaves the page', async () => {
    const { session, server, leavePage } = await setUp();
    const waiting = session.renew();
    server.next = ben;
    await session.signIn(credentials);
    expect(await waiting).toBe(false);
    expect([session.state, session.account]).toEqual(['left', undefined]);
    expect(leavePage).toHaveBeenCalledOnce();
    expect(await session.renew()).toBe(false);
  });

  it('lets nothing be sent from a page that was left', async () => {
    const { session, server } = await setUp();
    expect(session.speaker(authEndpoints.me)).toBe(ana.id);
    server.next = ben;
    await session.signIn(credentials);
    expect(() => session.speaker(authEndpoints.me)).toThrow(new ProductError('account_changed'));
    expect(() => session.speaker(authEndpoints.login)).toThrow(new ProductError('account_changed'));
  });

  it('gives up what waits when the person does not want to sign in here', async () => {
    const { session } = await setUp();
    const waiting = session.renew();
    session.giveUp();
    expect(await waiting).toBe(false);
    expect([session.state, session.account]).toEqual(['signed-out', undefined]);
    // What a form sends as it goes away must not go out under the cookies of whoever has signed in elsewhere.
    expect(() => session.speaker(authEndpoints.me)).toThrow(new ProductError('unauthenticated'));
    expect(session.speaker(authEndpoints.login)).toBeUndefined();
  });

  it('loads the app anew when somebody else signs in by the sign-in page: its memory is of the one before', async () => {
    const { session, server, leavePage } = await setUp();
    session.markEnded();
    session.giveUp();
    await session.signIn(credentials);
    expect([session.state, leavePage.mock.calls.length]).toEqual(['signed-in', 0]);
    session.giveUp();
    server.next = ben;
    await session.signIn(credentials);
    expect([session.state, session.account, leavePage.mock.calls.length]).toEqual(['left', undefined, 1]);
  });

  it('forgets what somebody else has typed in this tab', async () => {
    sessionStorage.setItem(`hc.form.${ben.id}.book`, '{}');
    sessionStorage.setItem(`hc.form.${ana.id}.book`, '{}');
    await setUp();
    expect(Object.keys(sessionStorage)).toEqual([`hc.form.${ana.id}.book`]);
  });

  it('asks nobody while a call runs that nobody waits for', async () => {
    const { session } = await setUp();
    session.markEnded();
    expect([session.state, session.asking]).toEqual(['expired', false]);
  });
});

describe('the account behind the cookie', () => {
  it('is compared with the one on the screen at each renewal', async () => {
    const { session, leavePage } = await setUp();
    session.recognise({ ...ana, name: 'Ana Lind' });
    expect(leavePage).not.toHaveBeenCalled();
    expect(() => session.recognise(ben)).toThrow(new ProductError('account_changed'));
    expect([session.state, leavePage.mock.calls.length]).toEqual(['left', 1]);
  });

  it('is compared when the server is asked who is signed in', async () => {
    const { session, server, leavePage } = await setUp();
    server.next = ben;
    await expect(session.load()).rejects.toThrow(new ProductError('account_changed'));
    expect([session.state, leavePage.mock.calls.length]).toEqual(['left', 1]);
  });

  it('is left once, however often it is found out', async () => {
    const { session, leavePage } = await setUp();
    session.leave();
    session.leave();
    expect(leavePage).toHaveBeenCalledOnce();
  });
});

describe('tabs of one browser', () => {
  it('are told of a sign-in and of a sign-out', async () => {
    const { session, tell } = await setUp();
    await session.signIn(credentials);
    await session.signOut();
    expect(tell.mock.calls).toEqual([[{ kind: 'signed-in', accountId: ana.id }], [{ kind: 'signed-out' }]]);
  });

  it('are told of somebody else who signs in, too', async () => {
    const { session, server, tell } = await setUp();
    server.next = ben;
    await session.signIn(credentials);
    expect(tell).toHaveBeenCalledWith({ kind: 'signed-in', accountId: ben.id });
  });

  it.each([
    ['signs out', { kind: 'signed-out' } as const],
    ['signs in as somebody else', { kind: 'signed-in', accountId: ben.id } as const],
  ])('are left when another one %s', async (_what, news) => {
    const { session, leavePage } = await setUp();
    session.hear(news);
    expect([session.state, session.account]).toEqual(['left', undefined]);
    expect(leavePage).toHaveBeenCalledOnce();
  });

  it('are theirs, too, who sign in in another one, if nobody has signed in here', async () => {
    const { session, server, leavePage } = await setUp();
    session.giveUp();
    session.hear({ kind: 'signed-in', accountId: ana.id });
    await vi.waitFor(() => expect([session.state, session.account?.name]).toEqual(['signed-in', 'Ana']));
    session.giveUp();
    server.next = ben;
    session.hear({ kind: 'signed-in', accountId: ben.id });
    await vi.waitFor(() => expect([session.state, leavePage.mock.calls.length]).toEqual(['left', 1]));
  });

  it('go on when the same person signs in again in another one', async () => {
    const { session } = await setUp();
    const waiting = session.renew();
    session.hear({ kind: 'signed-in', accountId: ana.id });
    expect(await waiting).toBe(true);
    expect(session.state).toBe('signed-in');
  });

  it('of a visitor stay', async () => {
    const leavePage = vi.fn<() => void>();
    const session = Session.create({ leavePage, tell: () => undefined });
    session.hear({ kind: 'signed-in', accountId: ben.id });
    session.hear({ kind: 'signed-out' });
    await Promise.resolve();
    expect(leavePage).not.toHaveBeenCalled();
  });
});
