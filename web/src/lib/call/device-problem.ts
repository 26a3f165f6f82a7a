/** A microphone or a camera. */
export type DeviceKind = 'microphone' | 'camera';

/** Why a device cannot be used, in terms that lead to words for the person (R9). */
export type DeviceProblemCause =
  /** The person or a policy said no to this page. */
  | 'blocked'
  /** The operating system keeps the device from the browser. */
  | 'system'
  | 'none'
  | 'busy'
  /** The chosen device cannot do what was asked. */
  | 'unsuitable'
  /** Not HTTPS and not localhost: browsers offer no devices. */
  | 'insecure'
  | 'old-browser'
  | 'unknown';

export interface DeviceProblem {
  readonly cause: DeviceProblemCause;
  readonly kinds: readonly DeviceKind[];
}

/** Maps what getUserMedia rejects with (Media Capture and Streams, 10.2; older names of browsers included). */
export function causeOf(error: unknown): DeviceProblemCause {
  if (error instanceof TypeError) return 'unknown';
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return error instanceof Error && /system/i.test(error.message) ? 'system' : 'blocked';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'none';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'unsuitable';
    default:
      return 'unknown';
  }
}

/** Whether this page can have devices at all; undefined when it can. */
export function environmentProblem(
  secure: boolean,
  hasDevices: boolean,
  hasWebRtc: boolean,
): DeviceProblemCause | undefined {
  if (!secure) return 'insecure';
  return hasDevices && hasWebRtc ? undefined : 'old-browser';
}
