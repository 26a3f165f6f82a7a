/** Where the picture of an account is read, by those who may see it; a new picture gets a new address. */
export const AVATAR_PATH = '/api/avatars/:avatarId';

/** Kinds of file that a picture may be sent as. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

/** Largest file that a picture may be sent as. */
export const PICTURE_LIMIT_BYTES = 5 * 1024 * 1024;

/** How long sending a picture may take: the largest one over a slow line. */
export const PICTURE_TIMEOUT_MS = 120_000;
