import type { Client } from './client.ts';

/** Signs somebody in. @returns the Cookie header */
export async function signIn(
  client: Client,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string> {
  const { status, cookies } = await client.ask({ method: 'POST', path: '/api/auth/login', body: { email, password } });
  if (status !== 200) throw new Error(`Sign-in answered ${status}`);
  return cookies.join('; ');
}
