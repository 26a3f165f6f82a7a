import type { IncomingMessage } from 'node:http';
import { endpoints, type Endpoint } from '@health-connect/contract';

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const WISHES: ReadonlySet<string> = new Set(
  areas
    .flatMap((area) => Object.values(area))
    .filter(({ access, method }) => access.kind === 'public' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`),
);

/** The path as the router reads it: without a query, and also where the whole address was sent (RFC 9112, 3.2.2). */
const pathOf = (url: string | undefined): string => URL.parse(url ?? '', 'http://this.invalid')?.pathname ?? '';

/** Whether it is what anybody can send by the hundred, and what costs more than reading: sign-ins above all. */
export const isVisitorsWish = ({ method, url }: Pick<IncomingMessage, 'method' | 'url'>): boolean =>
  WISHES.has(`${method ?? ''} ${pathOf(url)}`);
