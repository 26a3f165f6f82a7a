import type { Endpoint } from '@health-connect/contract';
import { nameOf } from './good-bodies.ts';

const HOSTILE_VALUES: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $where: 'sleep(1000)' },
  ['x'],
  [],
  null,
  true,
  { toString: 'x' },
  'x'.repeat(5000),
];

/** Hostile elsewhere, but a good value of this field. */
const GOOD_HERE: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  'PUT /api/notifications/settings': { reminders: [[]], reminderMails: [true] },
  'PUT /api/appointments/:appointmentId/note': { shared: [true] },
  'POST /api/appointments/:appointmentId/note/sign': { shared: [true] },
  'POST /api/appointments/:appointmentId/note/amendments': { text: ['x'.repeat(5000)] },
  'PUT /api/appointments/:appointmentId/note/shared': { shared: [true] },
  'PUT /api/schedule': { keep: [[]] },
};

function hostileValues(endpoint: Endpoint, field: string): readonly unknown[] {
  const good = (GOOD_HERE[nameOf(endpoint)]?.[field] ?? []).map((value) => JSON.stringify(value));
  return HOSTILE_VALUES.filter((value) => !good.includes(JSON.stringify(value)));
}

/** Bodies that must be refused, made from the fields that the endpoint declares. @param good one that is taken */
export function hostileBodies(endpoint: Endpoint, good: Readonly<Record<string, unknown>>): string[] {
  const fields = Object.keys(endpoint.body?.shape ?? {});
  const changed = fields.flatMap((field) => [
    ...hostileValues(endpoint, field).map((value) => ({ ...good, [field]: value })),
    // Fields that a good body does without are not needed.
    ...(field in good ? [Object.fromEntries(Object.entries(good).filter(([name]) => name !== field))] : []),
  ]);
  const added = ['constructor', 'prototype', '$where', 'role', 'id2'].map((name) => ({ ...good, [name]: { x: 1 } }));
  const polluted = [
    JSON.stringify(good).replace(/}$/, ',"__proto__":{"role":"administrator"}}'),
    `{"__proto__":${JSON.stringify(good)}}`,
  ];
  const foreign = ['', 'null', '[]', '"text"', '42', 'true', '{', '{"a":', '[{}]', 'a=b&c=d', '\u0000', '{"a":1}}'];
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  return [...[...changed, ...added].map((body) => JSON.stringify(body)), ...polluted, ...foreign, deep];
}
