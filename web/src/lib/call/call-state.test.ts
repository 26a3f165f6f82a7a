import { ProductError } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { CALL_PHASES, CALL_TRANSITIONS, endOfRefusal, END_OF_LEAVE, go, mayGo } from './call-state.ts';

describe('the phases of a call (R5)', () => {
  it('lead from idle to the end and never out of it', () => {
    const reached = new Set(['idle']);
    for (const phase of CALL_PHASES) for (const next of CALL_TRANSITIONS[phase]) reached.add(next);
    expect([...reached].sort()).toEqual([...CALL_PHASES].sort());
    expect(CALL_TRANSITIONS.ended).toEqual([]);
  });

  it('can end from everywhere', () => {
    for (const phase of CALL_PHASES.filter((each) => each !== 'ended')) expect(mayGo(phase, 'ended')).toBe(true);
  });

  it('never reach the room without joining, and refuse what the table does not hold', () => {
    expect(mayGo('preparing', 'connected')).toBe(false);
    expect(go('joining', 'connected')).toBe('connected');
    expect(() => go('idle', 'connected')).toThrow('cannot go from idle to connected');
    expect(() => go('ended', 'joining')).toThrow();
  });

  it('come back by themselves only after a loss', () => {
    const rejoining = Object.entries(END_OF_LEAVE).filter(([, end]) => end === 'rejoin');
    expect(rejoining.map(([reason]) => reason).sort()).toEqual(['failed', 'lost']);
  });

  it('end for good when the server says so, and go on trying otherwise', () => {
    expect(endOfRefusal(new ProductError('consultation_closed'))).toBe('closed');
    expect(endOfRefusal(new ProductError('forbidden'))).toBe('removed');
    expect(endOfRefusal(new ProductError('media_unavailable'))).toBeUndefined();
    expect(endOfRefusal(new Error('offline'))).toBeUndefined();
  });
});
