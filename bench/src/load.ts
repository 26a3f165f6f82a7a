import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appointmentSchema, type DemoAccount } from '@health-connect/contract';
import { z } from 'zod';
import { startStack, type Stack } from '../../e2e/support/stack.ts';
import { measureAuditedRequests } from './audited-requests.ts';
import { Client } from './client.ts';
import { fillPatients } from './data/fill.ts';
import type { Line } from './line.ts';
import { signIn } from './sign-in.ts';
import { answersOf, measureSignInFlood, PARALLEL_SIGN_INS, type Crowd, type FloodResult } from './sign-in-flood.ts';

const root = join(import.meta.dirname, '..', '..');
const CONNECTIONS = 48;
/** Gates of the product; see docs/security.md. */
const MAX_FLOOD_RATIO = 2;
const MAX_FLOOD_P95_MS = 500;
const MAX_FLOOD_RSS_MIB = 150;
const MIN_AUDITED_PER_SECOND = 500;

async function firstAppointment(stack: Stack, cookie: string): Promise<string> {
  const response = await fetch(`${stack.url}/api/appointments/doctor`, { headers: { cookie } });
  const { appointments } = z.object({ appointments: z.array(appointmentSchema) }).parse(await response.json());
  const id = appointments[0]?.id;
  if (id === undefined) throw new Error('The doctor has no appointment');
  return id;
}

/** Resident memory of the api and of its hashing process. */
async function rssMiB(stack: Stack): Promise<number> {
  const port = Number(new URL(stack.url).port);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      // Processes come and go while they are looked at.
      const [environment, status] = await Promise.all(
        ['environ', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      const variables = environment?.split('\0') ?? [];
      const isApi = variables.includes(`HC_PORT=${port}`) && variables.some((line) => line.startsWith('MONGODB_URI='));
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
      return isApi && kibibytes !== undefined ? Number(kibibytes) / 1024 : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Runs the check of the trail on what the measurement has left behind. */
async function trailHolds(stack: Stack): Promise<boolean> {
  const env = { ...process.env, HC_DATA_DIR: stack.dataDir, MONGODB_URI: undefined };
  const check = spawn(process.execPath, [join(root, 'tools/audit/main.ts')], { env, stdio: 'ignore' });
  return new Promise((resolve) => check.once('exit', (code) => resolve(code === 0)));
}

/** Sign-ins by the hundred with nobody's address, and with right passwords, which also open sessions. */
async function crowdsOf(stack: Stack, { email, password }: DemoAccount): Promise<Record<'refused' | 'right', Crowd>> {
  const nobody = Array.from({ length: 1000 }, (_item, index) => `nobody.${index}@bench.example`);
  return {
    refused: { emails: nobody, password: 'a wrong password' },
    right: { emails: await fillPatients(stack.mongodbUri, PARALLEL_SIGN_INS, email), password },
  };
}

function floodLines(what: string, flood: FloodResult): Line[] {
  return [
    {
      what: `other routes' p95 in 200 ${what} at once / idle, median of rounds (over all ${flood.floodP95Ms.toFixed(1)} / ${flood.idleP95Ms.toFixed(1)} ms; ${flood.probes} probes; ${answersOf(flood)})`,
      measured: flood.medianRatio.toFixed(2),
      gate: `<= ${MAX_FLOOD_RATIO}`,
      met: flood.medianRatio <= MAX_FLOOD_RATIO,
    },
    {
      what: 'p95 of other routes meanwhile (A7)',
      measured: `${flood.floodP95Ms.toFixed(0)} ms`,
      gate: `< ${MAX_FLOOD_P95_MS} ms`,
      met: flood.floodP95Ms < MAX_FLOOD_P95_MS,
    },
  ];
}

async function measure(stack: Stack): Promise<Line[]> {
  const client = Client.create(stack.url, CONNECTIONS);
  try {
    const doctor = stack.account('doctor');
    const cookie = await signIn(client, doctor);
    const path = `/api/appointments/${await firstAppointment(stack, cookie)}`;
    const rate = await measureAuditedRequests(client, path, cookie);
    const crowds = await crowdsOf(stack, doctor);
    const paths = ['/api/auth/me', path, '/api/appointments/doctor'];
    const shared = { client, url: stack.url, cookie, paths };
    const rssBefore = await rssMiB(stack);
    const refused = await measureSignInFlood({ ...shared, crowd: crowds.refused });
    const right = await measureSignInFlood({ ...shared, crowd: crowds.right });
    const rssAfter = await rssMiB(stack);
    return [
      {
        what: `audited requests, ${rate.requests} in all, p95 ${rate.p95Ms.toFixed(1)} ms`,
        measured: `${rate.perSecond.toFixed(0)}/s`,
        gate: `>= ${MIN_AUDITED_PER_SECOND}/s`,
        met: rate.perSecond >= MIN_AUDITED_PER_SECOND,
      },
      ...floodLines('refused sign-ins', refused),
      ...floodLines('sign-ins with right passwords', right),
      {
        what: `memory of the api's processes after the floods, above ${rssBefore.toFixed(0)} MiB before`,
        measured: `${(rssAfter - rssBefore).toFixed(0)} MiB`,
        gate: `<= ${MAX_FLOOD_RSS_MIB} MiB`,
        met: rssAfter - rssBefore <= MAX_FLOOD_RSS_MIB,
      },
      { what: 'the audit trail is whole afterwards', measured: '', gate: 'yes', met: await trailHolds(stack) },
    ];
  } finally {
    client.close();
  }
}

/** What the api bears: audited requests, and sign-ins by the hundred. */
export async function measureLoad(): Promise<Line[]> {
  // Sign-ins of the measurement name the network that they come from, as behind a proxy.
  process.env['HC_TRUST_PROXY'] = '1';
  const stack = await startStack();
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}
