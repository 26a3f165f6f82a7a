import type { Health } from '@health-connect/contract';
import type { Middleware } from 'koa';

/** Something that must work for the server to be of use. */
export type Check = () => Promise<boolean>;

/** Readiness of this server: what it depends on, and whether it still takes requests. */
export class Readiness {
  readonly #checks: Readonly<Record<string, Check>>;
  #draining = false;

  private constructor(checks: Readonly<Record<string, Check>>) {
    this.#checks = checks;
  }

  static create(checks: Readonly<Record<string, Check>>): Readiness {
    return new Readiness(checks);
  }

  /** From now on this server is not ready, whatever the checks say. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  async report(): Promise<Health> {
    const results = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const),
    );
    const outcomes = [...results, ['accepting', !this.#draining] as const];
    return {
      status: outcomes.every(([, ok]) => ok) ? 'ok' : 'unavailable',
      checks: Object.fromEntries(outcomes.map(([name, ok]) => [name, ok ? 'ok' : 'failed'])),
    };
  }
}

/** `/healthz`: the process lives. `/readyz`: it can do its work; 503 when it cannot. */
export function healthRoutes(readiness: Readiness): Middleware {
  return async (ctx, next) => {
    const asked = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!asked || (ctx.path !== '/healthz' && ctx.path !== '/readyz')) {
      await next();
      return;
    }
    const alive: Health = { status: 'ok', checks: {} };
    const health = ctx.path === '/healthz' ? alive : await readiness.report();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = health.status === 'ok' ? 200 : 503;
    ctx.body = health;
  };
}
