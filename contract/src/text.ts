import { z } from 'zod';

/** One line of text that people type: trimmed, without control characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'This is one line of text' });

/** Text of several lines that people type: trimmed, without control characters but line breaks and tabs. */
export const paragraph = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*(?:[\n\r\t][^\p{Cc}]*)*$/u, { error: 'This text holds signs that cannot be shown' });
