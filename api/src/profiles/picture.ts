import { ProductError } from '@health-connect/contract';
import sharp from 'sharp';

/** Largest picture that is decoded: 40 megapixels take 160 MB. */
const MAX_PIXELS = 40_000_000;
/** Edge of the square that is kept. */
export const AVATAR_EDGE_PIXELS = 512;
const QUALITY = 82;

/** How files begin (ISO/IEC 10918-1 B.1.1.3, PNG 5.2, RFC 9649 2.4). */
const SIGNATURES: Readonly<Record<string, { readonly format: string; matches(bytes: Buffer): boolean }>> = {
  'image/jpeg': { format: 'jpeg', matches: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')) },
  'image/png': {
    format: 'png',
    matches: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  },
  'image/webp': {
    format: 'webp',
    matches: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
};

/**
 * Makes a square picture without metadata out of a file that somebody sent. The file's own beginning decides what it
 * is, not its declared type alone; its size in pixels is read from its header before anything is decoded (A16).
 * @throws ProductError `image_unusable`
 */
export async function toAvatar(bytes: Buffer, contentType: string): Promise<Buffer> {
  const signature = SIGNATURES[contentType];
  if (!signature?.matches(bytes)) throw new ProductError('image_unusable');
  try {
    const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (format !== signature.format || width * height > MAX_PIXELS) throw new ProductError('image_unusable');
    // Metadata is dropped unless asked for; only the orientation is applied before it goes.
    return await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .resize(AVATAR_EDGE_PIXELS, AVATAR_EDGE_PIXELS, { fit: 'cover' })
      .webp({ quality: QUALITY })
      .toBuffer();
  } catch (error) {
    if (error instanceof ProductError) throw error;
    throw new ProductError('image_unusable', { cause: error });
  }
}
