import { oneTimeCodeSchema, recoveryCodeSchema } from '@health-connect/contract';

/** The six digits of an authenticator as people type them: with gaps, or in Arabic-Indic digits. */
export function typedCode(text: string): string | undefined {
  const plain = text.replace(/[\s-]/g, '').replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  return oneTimeCodeSchema.safeParse(plain).data;
}

/** A recovery code as people type it, with or without its dashes. */
export function typedRecoveryCode(text: string): string | undefined {
  return recoveryCodeSchema.safeParse(text).data;
}
