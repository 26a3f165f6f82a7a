import { oneTimeCodeSchema, recoveryCodeSchema } from '@health-connect/contract';

/** What changing the second factor takes: the password, and a code of the app or one of recovery. */
export type SecondFactorProof = { readonly password: string } & (
  { readonly code: string } | { readonly recoveryCode: string }
);

/** The six digits of an authenticator as people type them: with gaps, or in Arabic-Indic digits. */
export function typedCode(text: string): string | undefined {
  const plain = text.replace(/[\s-]/g, '').replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  return oneTimeCodeSchema.safeParse(plain).data;
}

/** A recovery code as people type it, with or without its dashes. */
export function typedRecoveryCode(text: string): string | undefined {
  return recoveryCodeSchema.safeParse(text).data;
}
