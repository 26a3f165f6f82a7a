import { AVATAR_PATH, fillPath } from '@health-connect/contract';

/** Where the picture of an account is read; `undefined` without one. */
export function picturePath(avatarId: string | null | undefined): string | undefined {
  return avatarId === null || avatarId === undefined ? undefined : fillPath(AVATAR_PATH, { avatarId });
}
