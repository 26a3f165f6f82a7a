import { ProductError } from '@health-connect/contract';

/** What can tell that it is gone: a worker's closing closes everything inside it. */
interface Closable {
  readonly closed: boolean;
}

/**
 * Runs a request to the engine. A failure becomes `media_unavailable` when its subject is gone, because its worker died
 * or it was closed meanwhile, and else `media_rejected`: the engine does not accept the parameters.
 */
export async function accepted<T>(subject: Closable, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw new ProductError(subject.closed ? 'media_unavailable' : 'media_rejected', { cause });
  }
}
