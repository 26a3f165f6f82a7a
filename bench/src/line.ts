/** One line of what a bench prints. */
export interface Line {
  readonly what: string;
  readonly measured: string;
  readonly gate: string;
  readonly met: boolean;
}

/** Prints lines. @returns whether every gate is met */
export function printLines(lines: readonly Line[]): boolean {
  for (const { what, measured, gate, met } of lines) {
    process.stdout.write(`${met ? 'met   ' : 'missed'}  ${measured.padStart(8)}  ${gate.padEnd(9)}  ${what}\n`);
  }
  return lines.every(({ met }) => met);
}
