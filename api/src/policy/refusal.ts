import type { ErrorCode } from '@health-connect/contract';

const REFUSALS: readonly ErrorCode[] = ['forbidden', 'account_pending', 'second_factor_required'];

/** Codes that mean: you may not. What was tried without the right to is part of the trail (R35); input errors are not. */
export const isRefusal = (code: ErrorCode): boolean => REFUSALS.includes(code);
