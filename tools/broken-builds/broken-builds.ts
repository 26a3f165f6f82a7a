/** A build that is broken on purpose in one place, and the test that has to notice. */
export interface BrokenBuild {
  /** Row of the reliability matrix. */
  readonly gate: string;
  /** What the product does not do any more. */
  readonly broken: string;
  /** Source file from the root of the checkout, what stands there once, and what stands there instead. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: {
    readonly project: 'unit' | 'integration';
    readonly file: string;
    /** Part of the names of the tests that must fail. */
    readonly name: string;
  };
}

/** One for each gate that tests prove: accounts, access and audit (A1-A7, A13-A16), and booking (B1, B2). */
export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  {
    gate: 'A1',
    broken: 'a route asks who is signed in, and not whether they may',
    file: 'api/src/http/router.ts',
    from: '        requireAccess(endpoint.access, actor);',
    to: "        if (actor === undefined) throw new ProductError('unauthenticated');",
    test: {
      project: 'integration',
      file: 'api/src/policy/access-table.integration.test.ts',
      name: 'the access table (A1, R31)',
    },
  },
  {
    gate: 'A2',
    broken: 'a token may name another algorithm',
    file: 'api/src/accounts/session-token.ts',
    from: '      algorithms: [ALGORITHM],',
    to: "      algorithms: [ALGORITHM, 'HS512'],",
    test: {
      project: 'unit',
      file: 'api/src/accounts/session-token.test.ts',
      name: 'are not accepted with any other algorithm or key',
    },
  },
  {
    gate: 'A3',
    broken: 'a refresh token that is used twice is refused, and its session goes on',
    file: 'api/src/accounts/session.service.ts',
    from: '    if (session !== undefined) await this.#endReplayed(session);',
    to: '',
    test: {
      project: 'integration',
      file: 'api/src/accounts/sessions.integration.test.ts',
      name: 'that is replayed ends the session, for the thief and for the robbed (A3)',
    },
  },
  {
    gate: 'A4',
    broken: 'open connections go on although their session has ended',
    file: 'api/src/realtime/local-sockets.ts',
    from: '    sockets.disconnectSockets(true);',
    to: '',
    test: {
      project: 'integration',
      file: 'api/src/realtime/realtime.integration.test.ts',
      name: 'by signing out says good-bye to its sockets and closes them, and only them',
    },
  },
  {
    gate: 'A5',
    broken: 'a sign-in leaves the session that the browser had before',
    file: 'api/src/accounts/auth.service.ts',
    from: '    await sessions.endOf(given);\n    return database',
    to: '    return database',
    test: {
      project: 'integration',
      file: 'api/src/accounts/auth.integration.test.ts',
      name: 'ends the session that the browser had before (A5)',
    },
  },
  {
    gate: 'A6',
    broken: 'one network may guess at one account as often as it likes',
    file: 'api/src/accounts/sign-in-throttle.ts',
    from: '    if (!byPair.allowed) refuse(byPair.retryAfterSeconds);',
    to: '',
    test: {
      project: 'integration',
      file: 'api/src/accounts/throttle.integration.test.ts',
      name: '1,000 times from one network gets a handful of tries',
    },
  },
  {
    gate: 'A7',
    broken: 'however many sign in at once, all of them wait',
    file: 'api/src/accounts/turnstile.ts',
    from: '    if (this.#waiting.length >= this.#queueLimit) {',
    to: '    if (this.#waiting.length >= 1_000_000 * this.#queueLimit) {',
    test: {
      project: 'integration',
      file: 'api/src/accounts/passwords.integration.test.ts',
      name: 'is refused by 503 with Retry-After once the queue is full',
    },
  },
  {
    gate: 'A13',
    broken: 'pages run any script that stands in them',
    file: 'api/src/http/security-headers.ts',
    from: "`script-src ${[\"'self'\", ...inlineScripts].join(' ')}`",
    to: "\"script-src 'self' 'unsafe-inline'\"",
    test: {
      project: 'integration',
      file: 'api/src/http/addresses-and-headers.integration.test.ts',
      name: 'let a page run its own scripts alone',
    },
  },
  {
    gate: 'A14',
    broken: 'pages of other sites may send requests in the name of who is signed in',
    file: 'api/src/http/same-origin.ts',
    from: '  if (foreignSite || foreignOrigin) {',
    to: '  if (foreignSite && !foreignOrigin) {',
    test: {
      project: 'integration',
      file: 'api/src/security/attacks.integration.test.ts',
      name: 'takes no JSON of another origin',
    },
  },
  {
    gate: 'A15',
    broken: 'what a request brings along is taken as it stands',
    file: 'api/src/http/binding.ts',
    from: '  if (parsed.success) return parsed.data;',
    to: '  if (parsed.success || value !== undefined) return parsed.data ?? value;',
    test: {
      project: 'integration',
      file: 'api/src/security/attacks.integration.test.ts',
      name: 'operators where values belong (A15)',
    },
  },
  {
    gate: 'A16',
    broken: 'a picture keeps what its camera wrote into it',
    file: 'api/src/profiles/picture.ts',
    from: '      .autoOrient()',
    to: '      .keepMetadata()\n      .autoOrient()',
    test: {
      project: 'integration',
      file: 'api/src/profiles/avatar.integration.test.ts',
      name: 'loses where it was taken, and everything else that a camera writes',
    },
  },
  {
    gate: 'B1',
    broken: 'no two claims of the same time meet',
    file: 'api/src/booking/claim.repository.ts',
    from: '    const wanted = cellsOf(order.from, order.to);',
    to: '    const wanted = cellsOf(order.from, order.to).map((cell) => cell + Math.random());',
    test: {
      project: 'integration',
      file: 'api/src/booking/double-booking.integration.test.ts',
      name: '1,000 bookings at once (B1)',
    },
  },
  {
    gate: 'B2',
    broken: 'a visit that is called off keeps its time',
    file: 'api/src/booking/life-cycle-steps.ts',
    from: '    await releaseAppointment(claims, record, transaction);\n',
    to: '    void claims;\n',
    test: {
      project: 'integration',
      file: 'api/src/booking/storm.integration.test.ts',
      name: 'leaves no orphan and no double booking, and answers every request with sense',
    },
  },
];
