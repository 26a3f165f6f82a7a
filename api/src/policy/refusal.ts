import { ProductError, type ErrorCode } from '@health-connect/contract';

const REFUSALS: readonly ErrorCode[] = ['forbidden', 'account_pending', 'second_factor_required'];

/** Codes that mean: you may not. What was tried without the right to is part of the trail (R35); input errors are not. */
export const isRefusal = (code: ErrorCode): boolean => REFUSALS.includes(code);

/** A rule said no. It knows whose record was tried, for the trail; the answer does not tell. */
export class AccessRefusal extends ProductError {
  readonly patientId: string | undefined;

  constructor(patientId: string | undefined) {
    super('forbidden');
    this.patientId = patientId;
  }
}

/** What somebody wanted when they were refused. */
export interface Refused {
  /** Method and declared path, or `socket` and the request's name. */
  readonly what: string;
  /** As they came: ids that the path or the socket request names, among whatever else was sent. */
  readonly params: unknown;
  readonly error: ProductError;
}
