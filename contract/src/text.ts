import { z } from 'zod';

/** Halves of a sign (a text that was cut in an emoji) cannot be stored: kept apart, text would not read as it was sent. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

/**
 * Signs that nobody sees and that turn around the order of what comes after them, beyond the text that holds them. They
 * come along when something is copied, a phone number for example, so they are left out and not complained about.
 * Letters say by themselves which way they read.
 */
const DIRECTIONS = /[\u202A-\u202E\u2066-\u2069]/g;

/** Text without signs that change the order of what stands around it. */
export const withoutDirections = (text: string): string => text.replaceAll(DIRECTIONS, '');

const asShown = (text: string): string => wellFormed(withoutDirections(text));

/** Typed text as it is stored: who compares what is typed with what came back compares this. */
export const asStored = (text: string): string => asShown(text).trim();

/** One line of text that people type: trimmed, without signs of direction; control characters are refused. */
export const line = (max: number) =>
  z
    .string()
    .overwrite(asShown)
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'This is one line of text' });

/**
 * Text of several lines that people type: trimmed, without signs of direction; control characters but line breaks and
 * tabs are refused.
 */
export const paragraph = (max: number) =>
  z
    .string()
    .overwrite(asShown)
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*(?:[\n\r\t][^\p{Cc}]*)*$/u, { error: 'This text holds signs that cannot be shown' });
