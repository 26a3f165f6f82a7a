import { describe, expect, it } from 'vitest';
import { minutesSince, untilNextMinuteMs } from './duration.ts';
import { causeOf, environmentProblem } from './device-problem.ts';
import { CAMERA_ENCODINGS, wantedWidthPx } from './layers.ts';
import { segmentsOf } from './level-meter.ts';
import { reconcile } from './reconcile.ts';

describe('duration', () => {
  it('counts whole minutes and never below zero', () => {
    expect(minutesSince(0, 59_999)).toBe(0);
    expect(minutesSince(0, 12 * 60_000)).toBe(12);
    expect(minutesSince(10_000, 0)).toBe(0);
  });

  it('wakes when the minute changes', () => {
    expect(untilNextMinuteMs(0, 0)).toBe(60_000);
    expect(untilNextMinuteMs(0, 59_000)).toBe(1_000);
    expect(untilNextMinuteMs(5_000, 4_000)).toBe(1_000);
  });
});

describe('layers', () => {
  it('go from small to large, as mediasoup counts them', () => {
    expect(CAMERA_ENCODINGS.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
    const rates = CAMERA_ENCODINGS.map(({ maxBitrate }) => maxBitrate);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
  });

  it.each([
    [200, 1, true, 200],
    [200, 2, true, 400],
    [200, 3.5, true, 400],
    [200, 0.5, true, 200],
    [200, 2, false, 0],
    [0, 2, true, 0],
    [9000, 2, true, 8192],
    [100.4, 1.25, true, 126],
  ])('a tile of %d px at ratio %d (shown: %s) asks for %d', (width, ratio, shown, wanted) => {
    expect(wantedWidthPx(width, ratio, shown)).toBe(wanted);
  });
});

describe('device problems (R9)', () => {
  it.each([
    ['NotAllowedError', 'blocked'],
    ['SecurityError', 'blocked'],
    ['NotFoundError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['OverconstrainedError', 'unsuitable'],
    ['SomethingNew', 'unknown'],
  ])('%s means %s', (name, cause) => {
    expect(causeOf(new DOMException('', name))).toBe(cause);
  });

  it('tells a refusal by the system from one by the person', () => {
    expect(causeOf(new DOMException('Permission denied by system', 'NotAllowedError'))).toBe('system');
  });

  it('knows pages and browsers that can have no devices', () => {
    expect(environmentProblem(false, false, true)).toBe('insecure');
    expect(environmentProblem(true, false, true)).toBe('old-browser');
    expect(environmentProblem(true, true, false)).toBe('old-browser');
    expect(environmentProblem(true, true, true)).toBeUndefined();
  });
});

describe('microphone level', () => {
  it('has five segments between quiet and loud', () => {
    expect(segmentsOf(0)).toBe(0);
    expect(segmentsOf(0.0001)).toBe(0);
    expect(segmentsOf(0.01)).toBe(2);
    expect(segmentsOf(0.5)).toBe(5);
  });
});

describe('reconcile', () => {
  it('tells what is gone, what is new and what stays', () => {
    const wanted = [{ id: 'b' }, { id: 'c' }];
    expect(reconcile(['a', 'b'], wanted)).toEqual({ gone: ['a'], added: [{ id: 'c' }], kept: [{ id: 'b' }] });
  });

  it('changes nothing when both agree', () => {
    expect(reconcile(['a'], [{ id: 'a' }])).toEqual({ gone: [], added: [], kept: [{ id: 'a' }] });
  });
});
