import { PICTURE_LIMIT_BYTES, PICTURE_TYPES } from '@health-connect/contract';

/** Edge of the square that is sent: twice what is kept, so that screens of any density look sharp. */
const EDGE_PIXELS = 1024;
const JPEG_QUALITY = 0.9;

/** Why a chosen file cannot be a picture. */
export type PictureRefusal = 'kind' | 'size';

/** Why a file cannot be sent as it is; `undefined` when it can. */
export function refusalOf(file: Blob): PictureRefusal | undefined {
  if (!PICTURE_TYPES.some((type) => type === file.type)) return 'kind';
  return file.size > PICTURE_LIMIT_BYTES ? 'size' : undefined;
}

/**
 * The middle of a picture as a square JPEG, upright. Pictures of a phone's camera are larger than may be sent, and say
 * where they were taken: neither leaves the device. `undefined` for a file that this browser cannot show.
 */
async function squareOf(file: Blob): Promise<Blob | undefined> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await drawSquare(image);
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function drawSquare(image: HTMLImageElement): Promise<Blob | undefined> {
  const { naturalWidth: width, naturalHeight: height } = image;
  const side = Math.min(width, height);
  const edge = Math.min(side, EDGE_PIXELS);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = edge;
  const context = canvas.getContext('2d');
  if (context === null || edge === 0) return undefined;
  // JPEG knows no transparency: without this it would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, edge, edge);
  context.drawImage(image, (width - side) / 2, (height - side) / 2, side, side, 0, 0, edge, edge);
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
  return drawn ?? undefined;
}

/** What to send for a chosen file, or why it cannot be used: any picture that this browser can show will do. */
export async function preparePicture(file: Blob): Promise<Blob | PictureRefusal> {
  return (await squareOf(file)) ?? refusalOf(file) ?? file;
}
