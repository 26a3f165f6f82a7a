import { z } from 'zod';
import { access } from '../access.ts';
import { documentIdSchema, timeZoneSchema } from '../ids.ts';
import { AVATAR_PATH, PICTURE_LIMIT_BYTES, PICTURE_TYPES } from '../picture.ts';
import { ownProfileSchema, profileChangeSchema } from '../profile.ts';
import { defineEndpoint } from './endpoint.ts';

/** The own profile: nobody else's is reached this way. Pending doctors fill theirs in while they wait. */
export const profileEndpoints = {
  own: defineEndpoint({
    method: 'GET',
    path: '/api/profile',
    summary: 'The own profile, with the fields of the role',
    access: access.signedIn,
    response: ownProfileSchema,
    status: 200,
    errors: [],
  }),
  save: defineEndpoint({
    method: 'PUT',
    path: '/api/profile',
    summary: 'Save some fields of the own profile; what is left out stays as it is. `change.role` is the own role',
    access: access.signedIn,
    body: z.strictObject({ change: profileChangeSchema }),
    response: ownProfileSchema,
    status: 200,
    errors: ['forbidden'],
  }),
  saveTimeZone: defineEndpoint({
    method: 'PUT',
    path: '/api/profile/time-zone',
    summary:
      "Tell the zone of the own browser; mails to patients tell times in it, too, doctors' in that of their hours",
    access: access.signedIn,
    body: z.strictObject({ timeZone: timeZoneSchema }),
    response: z.object({}),
    status: 200,
    errors: [],
  }),
  saveAvatar: defineEndpoint({
    method: 'PUT',
    path: '/api/profile/avatar',
    summary:
      'Replace the own picture; the body is the file. It is cut to a square of 512 pixels and loses all metadata',
    access: access.signedIn,
    upload: { contentTypes: PICTURE_TYPES, limitBytes: PICTURE_LIMIT_BYTES },
    response: z.object({ avatarId: documentIdSchema }),
    status: 200,
    errors: ['image_unusable'],
  }),
  removeAvatar: defineEndpoint({
    method: 'DELETE',
    path: '/api/profile/avatar',
    summary: 'Remove the own picture; without one it does nothing',
    access: access.signedIn,
    response: z.object({}),
    status: 200,
    errors: [],
  }),
  avatar: defineEndpoint({
    method: 'GET',
    path: AVATAR_PATH,
    summary:
      'A picture; a new picture gets a new address. Of doctors for everybody, of patients for themselves, those who treat them and staff',
    access: access.signedIn,
    params: z.strictObject({ avatarId: documentIdSchema }),
    produces: 'image/webp',
    response: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    status: 200,
    errors: ['not_found', 'forbidden'],
  }),
} as const;
