import type { Page } from 'puppeteer';

/** Totals over all peer connections of a page, from `getStats()`. */
export interface MediaFigures {
  readonly framesDecoded: number;
  readonly audioEnergy: number;
  /** Simulcast layers that are being sent, by rid. */
  readonly sentLayers: readonly string[];
  /** Suite that protects the media, as the browser names it. */
  readonly srtpCiphers: readonly string[];
  /** Peer connections that are not closed. */
  readonly openConnections: number;
}

declare global {
  interface Window {
    readonly watchedPeerConnections: readonly RTCPeerConnection[];
  }
}

/** Reads what a page sends and receives right now. */
export function readMedia(page: Page): Promise<MediaFigures> {
  return page.evaluate(async () => {
    const open = window.watchedPeerConnections.filter((connection) => connection.connectionState !== 'closed');
    const reports: Record<string, unknown>[] = [];
    for (const connection of open) {
      (await connection.getStats()).forEach((report: Record<string, unknown>) => reports.push(report));
    }
    const sum = (type: string, kind: string, field: string): number =>
      reports
        .filter((report) => report['type'] === type && report['kind'] === kind)
        .reduce((total, report) => total + Number(report[field] ?? 0), 0);
    const layers = reports.filter(
      (report) =>
        report['type'] === 'outbound-rtp' && report['rid'] !== undefined && Number(report['framesEncoded'] ?? 0) > 0,
    );
    return {
      framesDecoded: sum('inbound-rtp', 'video', 'framesDecoded'),
      audioEnergy: sum('inbound-rtp', 'audio', 'totalAudioEnergy'),
      sentLayers: layers.map((report) => String(report['rid'])),
      srtpCiphers: reports
        .filter((report) => report['type'] === 'transport')
        .map((report) => String(report['srtpCipher'])),
      openConnections: open.length,
    };
  });
}

/** A small copy of the picture in a video element: mean luminance and the samples themselves. */
export interface Picture {
  readonly luminance: number;
  readonly samples: readonly number[];
}

/** Draws the first video that matches `selector` on a small canvas and reads it. */
export function readPicture(page: Page, selector: string): Promise<Picture> {
  return page.$eval(selector, (element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('not a video element');
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 36;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(element, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const samples: number[] = [];
    for (let index = 0; index < data.length; index += 4) {
      samples.push(0.2126 * (data[index] ?? 0) + 0.7152 * (data[index + 1] ?? 0) + 0.0722 * (data[index + 2] ?? 0));
    }
    return { luminance: samples.reduce((sum, value) => sum + value, 0) / samples.length, samples };
  });
}

/** Share of samples that differ visibly between two pictures, 0 to 1. */
export function difference(first: Picture, second: Picture): number {
  const changed = first.samples.filter((value, index) => Math.abs(value - (second.samples[index] ?? 0)) > 12);
  return changed.length / first.samples.length;
}
