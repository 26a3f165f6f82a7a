import { z } from 'zod';
import { appointmentChangeSchema, type AppointmentChange } from './appointment.ts';
import { offeredSlotSchema, type OfferedSlot } from './slot.ts';

/** One entry of the catalogue: the HTTP status and the default sentence, which a person can act on. */
interface ErrorDefinition {
  readonly status: number;
  readonly message: string;
}

const catalogue = {
  // What the caller sent.
  validation_failed: {
    status: 400,
    message: 'Some of what was sent is missing or not understood. Check it and try again.',
  },
  body_too_large: { status: 413, message: 'This is too large to send. Make it smaller and try again.' },
  unsupported_media_type: { status: 415, message: 'Send this request as JSON.' },
  method_not_allowed: { status: 405, message: 'This address does not support that action.' },
  not_found: { status: 404, message: 'We could not find that. It may have been removed.' },
  conflict: { status: 409, message: 'Something else changed this first. Load it again and repeat what you did.' },
  rate_limited: { status: 429, message: 'Too many requests. Wait a moment and try again.' },
  limit_exceeded: {
    status: 429,
    message: 'A limit of this service is reached. Close what you no longer need and try again.',
  },

  // Who the caller is.
  unauthenticated: { status: 401, message: 'Sign in to go on.' },
  account_changed: {
    status: 409,
    message: 'Somebody else has signed in in this browser. Load the page again.',
  },
  signin_wrong: { status: 401, message: 'This email and password do not match. Try again, or set a new password.' },
  password_wrong: { status: 403, message: 'This is not your current password. Try again.' },
  password_common: {
    status: 400,
    message: 'This password is among the first ones that others would guess. Choose another one.',
  },
  ticket_invalid: { status: 401, message: 'This sign-in took too long. Start again with your email and password.' },
  second_factor_wrong: {
    status: 403,
    message: 'This code is not right, or was used already. Wait for the next one and try again.',
  },
  second_factor_required: { status: 403, message: 'The clinic requires a second step at sign-in for your account.' },
  forbidden: { status: 403, message: 'This is not open to your account. Ask the clinic if you think it should be.' },
  email_unconfirmed: {
    status: 403,
    message: 'Confirm your email first: open the link in the email that we sent you, or ask for a new one.',
  },
  account_pending: {
    status: 403,
    message: 'The clinic has not approved your account yet. You will get an email once it has.',
  },
  account_disabled: { status: 403, message: 'This account is closed. Ask the clinic if you think it should be open.' },
  image_unusable: {
    status: 400,
    message: 'This picture cannot be used. Choose a JPEG, PNG or WebP of up to 40 megapixels.',
  },
  link_expired: { status: 410, message: 'This link was used already or is too old. Ask for a new one.' },
  email_taken: { status: 409, message: 'There is an account with this email already.' },

  // Booking.
  slot_unavailable: { status: 409, message: 'Someone just took this time. Choose another one.' },
  slot_unknown: { status: 409, message: 'The doctor does not offer this time. Choose one that is shown as free.' },
  slot_too_soon: { status: 409, message: 'This time is too close. Choose a later one, or phone the clinic.' },
  slot_too_far: { status: 409, message: 'This time is too far ahead. Choose an earlier one.' },
  mode_unavailable: { status: 409, message: 'The doctor does not offer this way of meeting at that time.' },
  patient_busy: { status: 409, message: 'You have another appointment at that time. Choose another time.' },
  too_many_open: {
    status: 409,
    message:
      'You have as many appointments to come as one can have. You can ask for another one once one is over or called off.',
  },
  hold_kept_enough: {
    status: 409,
    message:
      'You have kept this time for half an hour: others may choose it now. Choose another one, or try again later.',
  },
  hold_ended: { status: 409, message: 'We let go of this time. It may still be free. Choose it again.' },
  version_conflict: {
    status: 409,
    message: 'This appointment was changed in the meantime. Look at it again, then repeat what you did.',
  },
  change_not_allowed: { status: 409, message: 'This cannot be done with the appointment as it is now.' },
  schedule_affects_bookings: {
    status: 409,
    message: 'Booked patients are outside the new hours. Look at them first, then save again.',
  },
  idempotency_mismatch: {
    status: 409,
    message: 'This request was sent before with other details. Load the page again and repeat what you did.',
  },

  // Records.
  note_signed: { status: 409, message: 'This note is signed. Add an amendment instead.' },
  note_unsigned: { status: 409, message: 'This note is not signed yet.' },
  note_conflict: { status: 409, message: 'This note was changed elsewhere. Look at both and choose.' },
  rating_closed: { status: 409, message: 'This visit cannot be rated any more.' },

  // Consultations.
  consultation_early: { status: 403, message: 'You are early. The door of this consultation is not open yet.' },
  consultation_closed: { status: 409, message: 'This consultation is over. Ask the clinic for a new appointment.' },
  consultation_full: { status: 409, message: 'This call is full. Ask the doctor to make room.' },
  media_unavailable: { status: 503, message: 'Sorry, video is not available right now. Try again in a moment.' },

  // Media signalling.
  token_invalid: { status: 401, message: 'This place in the call is not valid. Join again from your appointment.' },
  token_used: { status: 401, message: 'This place in the call was used already. Join again from your appointment.' },
  session_unknown: {
    status: 401,
    message: 'Your place in the call is no longer kept. Join again from your appointment.',
  },
  protocol_unsupported: { status: 426, message: 'This page is out of date. Reload it and join again.' },
  not_joined: { status: 409, message: 'Join the call first.' },
  already_joined: { status: 409, message: 'You are in the call already.' },
  transport_not_found: { status: 404, message: 'That media connection is not yours or is closed. Join again.' },
  producer_not_found: { status: 404, message: 'That track is not yours or is closed.' },
  consumer_not_found: { status: 404, message: 'That track is not yours or is closed.' },
  transport_state: { status: 409, message: 'That media connection cannot do this now. Join again.' },
  media_rejected: {
    status: 400,
    message: 'These media settings cannot be used here. Update the browser or join from another one.',
  },
  publish_not_granted: { status: 403, message: 'You may not send this kind of media in this call.' },

  // Us.
  timeout: { status: 504, message: 'This took too long. Try again.' },
  draining: { status: 503, message: 'This server is being restarted. Try again in a moment.' },
  unavailable: { status: 503, message: 'Sorry, our service is not working right now. Try again in a moment.' },
  internal: {
    status: 500,
    message: 'Sorry, something went wrong on our side. Try again; if it happens again, tell the help desk.',
  },
} as const satisfies Record<string, ErrorDefinition>;

/** Stable machine-readable error code. Codes are never renamed or reused, only added. */
export type ErrorCode = keyof typeof catalogue;

/** Every error code with its HTTP status and default sentence. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorDefinition>> = catalogue;

function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(catalogue, value);
}

/** Every error code, in the order of the catalogue. */
export const ERROR_CODES: readonly ErrorCode[] = Object.keys(catalogue).filter(isErrorCode);

export const errorCodeSchema = z.enum(ERROR_CODES);

/** Where a value was refused: the path in the input and why, without repeating the value. */
export const errorDetailSchema = z.object({ path: z.string().max(300), message: z.string().max(300) });
export type ErrorDetail = z.infer<typeof errorDetailSchema>;

/** The error itself, as HTTP answers and socket acknowledgements carry it. */
export const failureSchema = z.object({
  code: errorCodeSchema,
  message: z.string().max(300),
  requestId: z.string().max(64),
  details: z.array(errorDetailSchema).max(20).exactOptional(),
  /** With a time that was taken: the nearest free ones. */
  offers: z.array(offeredSlotSchema).max(3).exactOptional(),
  /** With a change that is not allowed: those that are. */
  allowed: z.array(appointmentChangeSchema).exactOptional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The one error shape of every HTTP answer that is not a success. */
export const errorBodySchema = z.object({ error: failureSchema });
export type ErrorBody = z.infer<typeof errorBodySchema>;

/**
 * An error that is meant to be told to the caller. Anything else that is thrown is masked as `internal`.
 * Servers throw it; clients get it back from a failed call, with the request id for the help desk.
 */
export class ProductError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly requestId: string | undefined;
  /** The nearest free times, with a time that was taken. */
  readonly offers: readonly OfferedSlot[] | undefined;
  /** What may be done instead, with a change that is not allowed. */
  readonly allowed: readonly AppointmentChange[] | undefined;
  /** After how many seconds it is worth trying again; told by the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    options: {
      message?: string;
      details?: readonly ErrorDetail[];
      offers?: readonly OfferedSlot[];
      allowed?: readonly AppointmentChange[];
      requestId?: string;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? ERRORS[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProductError';
    this.code = code;
    this.details = options.details;
    this.offers = options.offers;
    this.allowed = options.allowed;
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** The HTTP status that belongs to the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The wire form of this error. */
  toFailure(requestId: string): Failure {
    const failure: Failure = { code: this.code, message: this.message, requestId };
    if (this.details !== undefined) failure.details = [...this.details];
    if (this.offers !== undefined) failure.offers = [...this.offers];
    if (this.allowed !== undefined) failure.allowed = [...this.allowed];
    return failure;
  }

  /**
   * Rebuilds the error that a server sent.
   * @param retryAfterSeconds what its `Retry-After` header said
   */
  static fromFailure(failure: Failure, retryAfterSeconds?: number): ProductError {
    return new ProductError(failure.code, {
      message: failure.message,
      requestId: failure.requestId,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(failure.details === undefined ? {} : { details: failure.details }),
      ...(failure.offers === undefined ? {} : { offers: failure.offers }),
      ...(failure.allowed === undefined ? {} : { allowed: failure.allowed }),
    });
  }
}

/** Turns a schema refusal into `validation_failed` with at most 20 places; values are never repeated. */
export function validationError(error: z.ZodError): ProductError {
  const details = error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.map(String).join('.').slice(0, 300),
    message: issue.code === 'unrecognized_keys' ? 'Unknown field' : issue.message.slice(0, 300),
  }));
  return new ProductError('validation_failed', { details });
}
