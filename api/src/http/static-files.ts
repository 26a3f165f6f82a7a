import { access } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ProductError } from '@health-connect/contract';
import type { Context, Middleware } from 'koa';
import send from 'koa-send';

/** The page that starts the web app whatever the address (SvelteKit's fallback). */
const FALLBACK = '/200.html';
/** Files whose names change with their content. */
const IMMUTABLE = '/_app/immutable/';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Sends a file of the build if there is one at that path; never one outside of it, nor a hidden one. */
async function sendFile(ctx: Context, root: string, path: string): Promise<boolean> {
  const immutable = path.startsWith(IMMUTABLE);
  if (!immutable) ctx.set('Cache-Control', 'no-cache');
  try {
    const sent: unknown = await send(ctx, path, {
      root,
      immutable,
      maxage: immutable ? YEAR_MS : 0,
      extensions: ['.html'],
      hidden: false,
    });
    if (sent === undefined) return false;
  } catch (error) {
    ctx.remove('Content-Encoding');
    ctx.remove('Cache-Control');
    // Not there, or a path that leads out of the build: the same answer for both.
    if (error instanceof Error && 'status' in error && Number(error.status) < 500) return false;
    throw error;
  }
  ctx.vary('Accept-Encoding');
  ctx.status = 200;
  if (ctx.fresh) ctx.status = 304;
  return true;
}

/** A person opening an address, as opposed to a page loading a file. */
function isNavigation(ctx: Context): boolean {
  return !ctx.path.startsWith('/_app/') && extname(ctx.path) === '' && ctx.accepts('html') !== false;
}

function explainMissingBuild(ctx: Context): void {
  ctx.status = 503;
  ctx.type = 'text/plain';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = 'The web app has not been built yet. Stop the server and run `npm start`, which builds it.\n';
}

/** Serves the built web app; addresses inside the app get its start page. */
export function staticFiles(webDir: string): Middleware {
  return async (ctx) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new ProductError('method_not_allowed');
    if (ctx.path !== '/' && (await sendFile(ctx, webDir, ctx.path))) return;
    if (ctx.path === '/' && (await sendFile(ctx, webDir, '/index.html'))) return;
    if (isNavigation(ctx) && (await sendFile(ctx, webDir, FALLBACK))) return;
    if (await isReadable(join(webDir, FALLBACK))) throw new ProductError('not_found');
    explainMissingBuild(ctx);
  };
}
