import { z } from 'zod';

/** Halves of a sign (a text that was cut in an emoji) cannot be stored: kept apart, text would not read as it was sent. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

/** One line of text that people type: trimmed, without control characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .overwrite(wellFormed)
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'This is one line of text' });

/** Text of several lines that people type: trimmed, without control characters but line breaks and tabs. */
export const paragraph = (max: number) =>
  z
    .string()
    .trim()
    .overwrite(wellFormed)
    .max(max)
    .regex(/^[^\p{Cc}]*(?:[\n\r\t][^\p{Cc}]*)*$/u, { error: 'This text holds signs that cannot be shown' });
