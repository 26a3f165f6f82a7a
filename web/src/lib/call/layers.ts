/** One simulcast layer of a camera, as the browser's sender takes it. */
interface CameraEncoding {
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
  readonly scalabilityMode: string;
}

/** Three VP8 layers, smallest first as mediasoup counts them, each with three temporal ones. Bit rates in bit/s. */
export const CAMERA_ENCODINGS: readonly CameraEncoding[] = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
  { scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: 'L1T3' },
];

/** Where the sender's estimate starts, in kbit/s: a good picture within the first second, then what the path allows. */
export const CAMERA_START_BITRATE_KBPS = 800;

/** A phone's third pixel per point is not seen on a face; asking for it would cost everybody. */
const MAX_PIXEL_RATIO = 2;
const MAX_WIDTH_PX = 8192;

/** Width in device pixels that a tile asks for; 0 while it is not shown. */
export function wantedWidthPx(cssWidth: number, pixelRatio: number, shown: boolean): number {
  if (!shown || cssWidth <= 0) return 0;
  return Math.min(MAX_WIDTH_PX, Math.round(cssWidth * Math.min(Math.max(pixelRatio, 1), MAX_PIXEL_RATIO)));
}
