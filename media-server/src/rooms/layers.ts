/** Widest tile, in device pixels, for which the smallest layer is enough. */
export const LOW_LAYER_WIDTH_PX = 360;
/** Widest tile, in device pixels, for which the middle layer is enough. */
export const MIDDLE_LAYER_WIDTH_PX = 960;

/** The spatial layer that a tile of this width needs: 0 is the smallest of three. */
export function layerForWidth(widthPx: number): 0 | 1 | 2 {
  if (widthPx <= LOW_LAYER_WIDTH_PX) return 0;
  if (widthPx <= MIDDLE_LAYER_WIDTH_PX) return 1;
  return 2;
}
