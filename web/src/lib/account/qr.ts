/** Draws a QR code here in the browser: its text is a secret and goes nowhere. Black on white also in the dark theme. */
export async function qrImage(text: string): Promise<string> {
  const { default: qr } = await import('qrcode');
  const svg = await qr.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** A key in groups of four, as it is easier to type. */
export function groupsOfFour(key: string): string {
  return key.match(/.{1,4}/g)?.join(' ') ?? key;
}
