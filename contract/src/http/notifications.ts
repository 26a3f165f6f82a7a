import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema } from '../ids.ts';
import { notificationSchema, notificationSettingsSchema } from '../notification.ts';
import { defineEndpoint } from './endpoint.ts';

/** What is under the bell of the signed-in doctor or patient. */
export const notificationEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/notifications',
    summary: 'Own notifications, newest first, and how many are unread',
    access: access.roles('doctor', 'patient'),
    query: z.strictObject({ before: documentIdSchema.optional() }),
    response: z.object({
      notifications: z.array(notificationSchema).max(30),
      unread: z.int().min(0),
      next: documentIdSchema.nullable(),
    }),
    status: 200,
    errors: [],
  }),
  read: defineEndpoint({
    method: 'POST',
    path: '/api/notifications/read',
    summary: 'Mark own notifications as read: from one of them, else the oldest, up to another, both included',
    access: access.roles('doctor', 'patient'),
    body: z.strictObject({ from: documentIdSchema.optional(), upTo: documentIdSchema }),
    response: z.object({ unread: z.int().min(0) }),
    status: 200,
    errors: [],
  }),
  settings: defineEndpoint({
    method: 'GET',
    path: '/api/notifications/settings',
    summary: 'When and how the signed-in person is reminded',
    access: access.roles('doctor', 'patient'),
    response: notificationSettingsSchema,
    status: 200,
    errors: [],
  }),
  saveSettings: defineEndpoint({
    method: 'PUT',
    path: '/api/notifications/settings',
    summary: 'Save when and how the signed-in person is reminded; counts for appointments that are booked already, too',
    access: access.roles('doctor', 'patient'),
    body: notificationSettingsSchema,
    response: notificationSettingsSchema,
    status: 200,
    errors: [],
  }),
} as const;
