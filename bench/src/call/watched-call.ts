import { accountSchema, joinGrantSchema, mediaObjectIdSchema } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { Cast } from '../../../e2e/support/cast.ts';
import type { Person } from '../../../e2e/support/person.ts';
import type { Stack } from '../../../e2e/support/stack.ts';
import { TestClient } from '../../../media-server/src/testing/test-client.ts';
import { addUp, type Received, type Totals } from './received.ts';

/** What one window of a call was like, for the doctor and the patient together. */
export interface CallWindow extends Received {
  /** Each round trip of a request of a third person in the room: browser's socket, media server, its worker, back. */
  readonly signallingMs: readonly number[];
}

const SIGNAL_EVERY_MS = 100;
/** After so long `TestClient` takes a request for lost. */
const ANSWER_LIMIT_MS = 9000;
/** The picture grows sharper in the first seconds: measured is a call that has settled. */
const SETTLE_MS = 8000;

/**
 * The stream by which the media server probes how much a path can carry: padding that no picture is made of. Browsers
 * take it for a picture that never comes, and count its gaps as lost packets.
 */
const PROBE_MID = 'probator';

/** Reads what a page has received so far, and the longest time that a picture stood still since it was asked before. */
function readTotals(page: Page): Promise<Totals> {
  return page.evaluate(async (probeMid) => {
    const reports: Record<string, unknown>[] = [];
    for (const connection of window.watchedPeerConnections) {
      if (connection.connectionState === 'closed') continue;
      (await connection.getStats()).forEach((report: Record<string, unknown>) => reports.push(report));
    }
    const sum = (kind: string, field: string): number =>
      reports
        .filter((report) => report['type'] === 'inbound-rtp' && report['kind'] === kind && report['mid'] !== probeMid)
        .reduce((total, report) => total + Number(report[field] ?? 0), 0);
    const gap = window.longestFrameGapMs ?? 0;
    window.longestFrameGapMs = 0;
    return {
      longestGapMs: gap,
      frames: sum('video', 'framesDecoded'),
      freezes: sum('video', 'freezeCount'),
      packets: sum('video', 'packetsReceived') + sum('audio', 'packetsReceived'),
      lost: sum('video', 'packetsLost') + sum('audio', 'packetsLost'),
      samples: sum('audio', 'totalSamplesReceived'),
      concealed: sum('audio', 'concealedSamples') - sum('audio', 'silentConcealedSamples'),
    };
  }, PROBE_MID);
}

declare global {
  interface Window {
    longestFrameGapMs?: number;
  }
}

/** Has a page note how long its picture of the other side stands still, by when frames have come in. */
function watchFrames(page: Page): Promise<void> {
  return page.$eval('[data-peer-id] video[data-source="camera"]', (element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('not a video element');
    let last: number | undefined;
    const note = (now: number, { receiveTime }: VideoFrameCallbackMetadata): void => {
      const at = receiveTime ?? now;
      if (last !== undefined) window.longestFrameGapMs = Math.max(window.longestFrameGapMs ?? 0, at - last);
      last = at;
      element.requestVideoFrameCallback(note);
    };
    element.requestVideoFrameCallback(note);
  });
}

/** A call of a doctor and a patient in two Chromiums, and a third person who only sends requests. */
export class WatchedCall {
  readonly #cast: Cast;
  readonly #people: readonly Person[];
  readonly #third: TestClient;
  readonly #consumerId: string;

  private constructor(cast: Cast, people: readonly Person[], third: TestClient, consumerId: string) {
    this.#cast = cast;
    this.#people = people;
    this.#third = third;
    this.#consumerId = consumerId;
  }

  /** Resolves once both see and hear each other, and the picture has settled. */
  static async start(stack: Stack): Promise<WatchedCall> {
    const cast = Cast.create();
    const [doctor, patient] = [await cast.signIn(stack, 'doctor'), await cast.signIn(stack, 'patient')];
    const colleague = await cast.signIn(stack, 'doctor', 1);
    const consultationId = await doctor.openConsultation();
    const me = z.object({ account: accountSchema }).parse((await colleague.request('GET', '/api/auth/me')).body);
    await doctor.request('POST', `/api/appointments/${consultationId}/colleagues`, { doctorId: me.account.id });
    await patient.openConsultation();
    await doctor.join();
    await patient.join();
    for (const person of [doctor, patient]) await person.seesAndHears(1);
    const grant = joinGrantSchema.parse(
      (await colleague.request('POST', `/api/consultations/${consultationId}/join`)).body,
    );
    await colleague.close();
    const auth = { protocolVersion: grant.protocolVersion, token: grant.token };
    const third = await TestClient.open(grant.url, auth, stack.url);
    const { consumers } = await third.join();
    const consumerId = mediaObjectIdSchema.parse(consumers.find(({ kind }) => kind === 'audio')?.id);
    for (const { page } of [doctor, patient]) await watchFrames(page);
    const call = new WatchedCall(cast, [doctor, patient], third, consumerId);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return call;
  }

  /** Looks at the call for as long as some work takes. */
  async during(work: () => Promise<void>): Promise<CallWindow> {
    const before = await this.#totals();
    const window = { over: false };
    const signalling = this.#signal(() => !window.over);
    signalling.catch(() => undefined);
    try {
      await work();
    } finally {
      window.over = true;
    }
    const signallingMs = await signalling;
    return { ...addUp(before, await this.#totals()), signallingMs };
  }

  async close(): Promise<void> {
    this.#third.close();
    await this.#cast.leave();
  }

  #totals(): Promise<Totals[]> {
    return Promise.all(this.#people.map(({ page }) => readTotals(page)));
  }

  /** Starts and stops a track at a steady pace, each time after the answer to the time before. */
  async #signal(more: () => boolean): Promise<number[]> {
    const times: number[] = [];
    for (let turn = 0; more(); turn += 1) {
      const startedAt = performance.now();
      const request = turn % 2 === 0 ? 'resumeConsumer' : 'pauseConsumer';
      await this.#third.ask(request, { consumerId: this.#consumerId }).catch((error: unknown) => {
        // No answer in time counts with all of that time; a refusal is a fault of the bench.
        if (performance.now() - startedAt < ANSWER_LIMIT_MS) throw error;
      });
      const tookMs = performance.now() - startedAt;
      times.push(tookMs);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, SIGNAL_EVERY_MS - tookMs)));
    }
    return times;
  }
}
