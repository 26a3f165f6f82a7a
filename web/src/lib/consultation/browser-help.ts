/** Browsers whose steps to allow a camera differ. */
export type BrowserHelp = 'chromium' | 'firefox' | 'safariMac' | 'safariIos' | 'chromeIos' | 'android';

/** Which steps to show after a refusal. Only words depend on it, so the user agent is good enough. */
export function browserHelpFor(userAgent: string, touchPoints: number): BrowserHelp {
  if (/Android/i.test(userAgent)) return 'android';
  // iPads pretend to be Macs, but no Mac has a touch screen.
  const ios = /iPhone|iPad|iPod/i.test(userAgent) || (/Macintosh/i.test(userAgent) && touchPoints > 1);
  if (ios) return /CriOS/i.test(userAgent) ? 'chromeIos' : 'safariIos';
  if (/Firefox/i.test(userAgent)) return 'firefox';
  return /Safari/i.test(userAgent) && !/Chrom/i.test(userAgent) ? 'safariMac' : 'chromium';
}
