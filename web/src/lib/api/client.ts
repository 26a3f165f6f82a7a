import {
  ACCOUNT_HEADER,
  errorBodySchema,
  fillPath,
  PICTURE_TIMEOUT_MS,
  ProductError,
  readsSession,
  type Endpoint,
  type EndpointCall,
  type EndpointResponse,
} from '@health-connect/contract';
import { serverClock } from '../server-clock.ts';

/** How long a request may take before the person is told. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** What every call can be given besides the endpoint's own parts. */
export interface CallOptions {
  /** Gives the request up, for example when its page goes away. */
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
}

/** Calls an endpoint by its declaration; the answer is parsed by the declaration's schema. */
export type ApiCall = <E extends Endpoint>(
  endpoint: E,
  input: EndpointCall<E>,
  options?: CallOptions,
) => Promise<EndpointResponse<E>>;

interface ApiClientOptions {
  /** Renews the session without asking anybody; true when the request may be tried once more. */
  readonly refreshSession: () => Promise<boolean>;
  /** Asks the person to sign in again; true when the request may be tried once more. The one place for 401. */
  readonly onSignInEnded: () => Promise<boolean>;
  /** The account that a request is made for; throws when it must not be sent. Without it there is none to name. */
  readonly speaker?: (endpoint: Endpoint) => string | undefined;
  /** The cookie belongs to another account than the one the request was made for. */
  readonly onAccountChanged?: () => void;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** The parts of a request as they are known without the endpoint's exact type. */
interface LooseInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly upload?: Blob;
}

/** An answer that could not be had at all: offline, server down, or out of time. */
export class NoAnswerError extends Error {
  readonly reason: 'offline' | 'unreachable' | 'timeout';

  constructor(reason: 'offline' | 'unreachable' | 'timeout', cause: unknown) {
    super(`No answer from the server: ${reason}`, { cause });
    this.name = 'NoAnswerError';
    this.reason = reason;
  }
}

/**
 * The typed HTTP client. Throws `ProductError` for what the server refuses, `NoAnswerError` when there is no answer,
 * and an abort error when the caller gives up.
 */
export function createApiClient(options: ApiClientOptions): ApiCall {
  const send = options.fetch ?? ((input, init) => fetch(input, init));
  const timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;

  const call: ApiCall = async (endpoint, input, callOptions = {}) => {
    const speaker = options.speaker?.(endpoint);
    const attempt = async () => {
      // Once more at each attempt: what waited for a sign-in was wanted by one person and is never sent for another.
      if (options.speaker?.(endpoint) !== speaker) throw new ProductError('account_changed');
      const limit = limitTime(endpoint.upload ? PICTURE_TIMEOUT_MS : timeoutMs, callOptions.signal);
      try {
        const response = await answerOf(send, buildRequest(endpoint, input, callOptions, speaker), limit);
        return await readAnswer(endpoint, response, limit);
      } catch (error) {
        if (error instanceof ProductError && error.code === 'account_changed') options.onAccountChanged?.();
        throw error;
      } finally {
        limit.done();
      }
    };
    // What needs no session, such as the refresh itself, cannot be helped by a new one.
    if (endpoint.access.kind === 'public') return attempt();
    return unlessEnded(
      () => unlessEnded(attempt, () => options.refreshSession()),
      () => options.onSignInEnded(),
    );
  };
  return call;
}

/** Runs `attempt`, and once more when it found the session ended and `help` brought one. */
async function unlessEnded<T>(attempt: () => Promise<T>, help: () => Promise<boolean>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const ended = error instanceof ProductError && error.code === 'unauthenticated';
    if (!ended || !(await help())) throw error;
    return await attempt();
  }
}

interface OutgoingRequest {
  readonly url: string;
  readonly init: RequestInit;
}

interface TimeLimit {
  readonly signal: AbortSignal;
  timedOut(): boolean;
  done(): void;
}

function buildRequest(
  endpoint: Endpoint,
  input: LooseInput,
  options: CallOptions,
  speaker: string | undefined,
): OutgoingRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const path = fillPath(endpoint.path, input.params ?? {});
  const { headers, ...content } = contentOf(endpoint, input);
  return {
    url: query.size === 0 ? path : `${path}?${query.toString()}`,
    init: {
      method: endpoint.method,
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive: options.keepalive ?? false,
      ...content,
      headers: speaker !== undefined && readsSession(endpoint) ? { ...headers, [ACCOUNT_HEADER]: speaker } : headers,
    },
  };
}

/** A file as it is, anything else as JSON. */
function contentOf(
  endpoint: Endpoint,
  { body, upload }: LooseInput,
): { readonly headers: Readonly<Record<string, string>>; readonly body?: Blob | string } {
  const accept = 'application/json';
  if (upload !== undefined) return { headers: { accept, 'content-type': upload.type }, body: upload };
  if (endpoint.body === undefined) return { headers: { accept } };
  return { headers: { accept, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Aborts when the time is over or the caller gives up; `AbortSignal.any` is too new for older phones. */
function limitTime(timeoutMs: number, given: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  let timedOut = false;
  const giveUp = (): void => controller.abort(given?.reason);
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  if (given?.aborted === true) giveUp();
  given?.addEventListener('abort', giveUp);
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    done: () => {
      clearTimeout(timer);
      given?.removeEventListener('abort', giveUp);
    },
  };
}

async function answerOf(send: typeof fetch, request: OutgoingRequest, limit: TimeLimit): Promise<Response> {
  const askedMs = serverClock.deviceNow();
  try {
    const response = await send(request.url, { ...request.init, signal: limit.signal });
    serverClock.learn(response.headers.get('date'), askedMs);
    return response;
  } catch (error) {
    throw noAnswer(error, limit);
  }
}

/** What a failed transfer means. */
function noAnswer(error: unknown, limit: TimeLimit): unknown {
  if (limit.timedOut()) return new NoAnswerError('timeout', error);
  if (limit.signal.aborted) return error;
  return new NoAnswerError(navigator.onLine ? 'unreachable' : 'offline', error);
}

/** The body as JSON, `undefined` for anything else. An answer that stops half-way is none. */
async function bodyOf(response: Response, limit: TimeLimit): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw noAnswer(error, limit);
  });
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds until it is worth trying again, when the answer says so. */
function retryAfterOf({ headers }: Response): number | undefined {
  const said = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(said) ? Number(said) : undefined;
}

const waitOf = (retryAfterSeconds: number | undefined): { readonly retryAfterSeconds?: number } =>
  retryAfterSeconds === undefined ? {} : { retryAfterSeconds };

async function readAnswer<E extends Endpoint>(
  endpoint: E,
  response: Response,
  limit: TimeLimit,
): Promise<EndpointResponse<E>> {
  const body = await bodyOf(response, limit);
  if (!response.ok) {
    const failure = errorBodySchema.safeParse(body);
    // An answer without our error shape comes from something in between, such as a proxy whose server is away.
    throw failure.success
      ? ProductError.fromFailure(failure.data.error, retryAfterOf(response))
      : new ProductError('unavailable', waitOf(retryAfterOf(response)));
  }
  const parsed = endpoint.response.safeParse(body);
  if (!parsed.success) throw new ProductError('internal', { cause: parsed.error });
  return parsed.data as EndpointResponse<E>;
}
