import type { DemoAccount } from '@health-connect/contract';
import { startStack, type Stack } from '../../../e2e/support/stack.ts';
import { Client, percentile } from '../client.ts';
import { fillPatients } from '../data/fill.ts';
import type { Line } from '../line.ts';
import { signIn } from '../sign-in.ts';
import { answersOf, measureSignInFlood, PARALLEL_SIGN_INS, type FloodResult, type Window } from '../sign-in-flood.ts';
import { WatchedCall, type CallWindow } from './watched-call.ts';

const ROUNDS = 5;
const CONNECTIONS = 16;
/** Four seconds, about as long as a flood takes: the longest of many gaps is longer than that of a few. */
const IDLE_PROBES = 400;
/** Gates of the product; see docs/security.md. */
const MAX_FLOOD_RATIO = 2;
const MAX_FLOOD_P95_MS = 500;
const MAX_SIGNALLING_P95_MS = 500;
/** Longer than this, people see a picture stand still. */
const MAX_GAP_MS = 500;
/** The same as for a network that loses one packet in ten. */
const MAX_CONCEALED = 0.05;
const MAX_LOST = 0.01;

type Windows = Readonly<Record<Window, CallWindow[]>>;

/** One round's worth of figures, in the middle: the machine may do something else in one of them. */
const median = (windows: readonly CallWindow[], of: (window: CallWindow) => number): number =>
  percentile(windows.map(of), 0.5);

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const ms = (value: number): string => `${value.toFixed(0)} ms`;

interface CallFigure {
  readonly what: string;
  readonly of: (window: CallWindow) => number;
  readonly show: (value: number) => string;
  readonly limit: number;
}

const FIGURES: readonly CallFigure[] = [
  {
    what: 'longest time between two frames in a round',
    of: ({ longestGapMs }) => longestGapMs,
    show: ms,
    limit: MAX_GAP_MS,
  },
  {
    what: 'packets lost',
    of: ({ lost, packets }) => lost / Math.max(1, packets + lost),
    show: percent,
    limit: MAX_LOST,
  },
  { what: 'sound made up', of: ({ concealedShare }) => concealedShare, show: percent, limit: MAX_CONCEALED },
  {
    what: 'p95 of a signalling request, to the worker and back',
    of: ({ signallingMs }) => percentile(signallingMs, 0.95),
    show: ms,
    limit: MAX_SIGNALLING_P95_MS,
  },
];

function callLines({ idle, flood }: Windows): Line[] {
  const frames = (windows: readonly CallWindow[]): number => windows.reduce((sum, window) => sum + window.frames, 0);
  return FIGURES.map(({ what, of, show, limit }) => {
    const [before, meanwhile] = [median(idle, of), median(flood, of)];
    return {
      what: `a call in 200 sign-ins with right passwords at once: ${what}, median of rounds (idle ${show(before)}; worst round ${show(Math.max(...flood.map(of)))}, idle ${show(Math.max(...idle.map(of)))}; ${frames(flood)} frames, ${flood.reduce((sum, { freezes }) => sum + freezes, 0)} freezes, idle ${frames(idle)} and ${idle.reduce((sum, { freezes }) => sum + freezes, 0)})`,
      measured: show(meanwhile),
      gate: `<= ${show(limit)}`,
      met: meanwhile <= limit,
    };
  });
}

function routeLines(flood: FloodResult): Line[] {
  return [
    {
      what: `other routes' p95 meanwhile / before, with the call (over all ${flood.floodP95Ms.toFixed(1)} / ${flood.idleP95Ms.toFixed(1)} ms; ${answersOf(flood)})`,
      measured: flood.medianRatio.toFixed(2),
      gate: `<= ${MAX_FLOOD_RATIO}`,
      met: flood.medianRatio <= MAX_FLOOD_RATIO,
    },
    {
      what: 'p95 of other routes meanwhile (A7)',
      measured: ms(flood.floodP95Ms),
      gate: `< ${MAX_FLOOD_P95_MS} ms`,
      met: flood.floodP95Ms < MAX_FLOOD_P95_MS,
    },
  ];
}

async function measure(stack: Stack, call: WatchedCall, { email, password }: DemoAccount): Promise<Line[]> {
  const client = Client.create(stack.url, CONNECTIONS);
  try {
    const emails = await fillPatients(stack.mongodbUri, PARALLEL_SIGN_INS, email);
    const cookie = await signIn(client, { email, password });
    const windows: Windows = { idle: [], flood: [] };
    const flood = await measureSignInFlood({
      client,
      url: stack.url,
      cookie,
      paths: ['/api/auth/me', '/api/appointments/doctor'],
      crowd: { emails, password },
      rounds: ROUNDS,
      idleProbes: IDLE_PROBES,
      beside: async (window, work) => {
        windows[window].push(await call.during(work));
      },
    });
    return [...callLines(windows), ...routeLines(flood)];
  } finally {
    client.close();
  }
}

/** Whether people in a call notice 200 sign-ins at once on the same machine. */
export async function measureCall(): Promise<Line[]> {
  process.env['HC_TRUST_PROXY'] = '1';
  const stack = await startStack();
  try {
    const call = await WatchedCall.start(stack);
    try {
      return await measure(stack, call, stack.account('doctor', 1));
    } finally {
      await call.close();
    }
  } finally {
    await stack.stop();
  }
}
