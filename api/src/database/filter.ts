import mongoose from 'mongoose';

/**
 * Marks a condition that our own code wrote. Everything else in a filter that looks like an operator is taken as
 * a plain value (`sanitizeFilter`), so that input can never become a condition.
 */
export function condition<T extends object>(operators: T): T {
  return mongoose.trusted(operators);
}
