import { afterEach, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../config.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

it.each([
  ['+49 30 1234567', '+49 30 1234567'],
  ['', null],
])('tells anybody the telephone number of the clinic, if there is one: "%s"', async (given, told) => {
  server = await TestServer.start({ HC_CLINIC_PHONE: given });
  const answer = await server.call('GET', '/api/clinic');
  expect([answer.status, await answer.json()]).toEqual([200, { phone: told }]);
});

it('does not start with what is no telephone number', () => {
  const wrong = { MONGODB_URI: 'mongodb://localhost', HC_CLINIC_PHONE: 'ask at the desk' };
  expect(() => loadConfig(wrong)).toThrow(ConfigError);
});
