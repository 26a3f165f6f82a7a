import { expect, it } from 'vitest';
import { documentId } from '../testing/join-tokens.ts';
import { VoidedTokens } from './voided-tokens.ts';

const room = documentId();
const participantId = documentId();

it('voids tokens that were made until then, of one participant in one room', () => {
  const voided = new VoidedTokens();
  voided.voidParticipant(room, participantId, 1_000);
  expect(voided.includes({ room, participantId, iat: 999 })).toBe(true);
  expect(voided.includes({ room, participantId, iat: 1_000 })).toBe(true);
  expect(voided.includes({ room, participantId, iat: 1_001 })).toBe(false);
  expect(voided.includes({ room, participantId: documentId(), iat: 999 })).toBe(false);
  expect(voided.includes({ room: documentId(), participantId, iat: 999 })).toBe(false);
});

it('voids all tokens of a room', () => {
  const voided = new VoidedTokens();
  voided.voidRoom(room, 1_000);
  expect(voided.includes({ room, participantId, iat: 1_000 })).toBe(true);
  expect(voided.includes({ room, participantId, iat: 1_001 })).toBe(false);
});

it('keeps an entry for as long as a token can live', () => {
  const voided = new VoidedTokens();
  voided.voidRoom(room, 1_000);
  voided.voidRoom(documentId(), 1_060);
  expect(voided.includes({ room, participantId, iat: 1_000 })).toBe(true);
});
