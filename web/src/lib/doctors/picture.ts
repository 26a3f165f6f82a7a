import { doctorEndpoints, fillPath } from '@health-connect/contract';

/** The address of a listed doctor's picture. */
export function pictureAddress(doctorId: string, avatarId: string): string {
  return fillPath(doctorEndpoints.picture.path, { doctorId, avatarId });
}
