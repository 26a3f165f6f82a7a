import type { OfferedSlot } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import Offers from './Offers.svelte';
import { doctorPageOf, slotOf } from './testing/doctor-page.ts';

const doctor = doctorPageOf();
const colleagueId = 'e'.repeat(24);
const offerOf = (doctorId: string, doctorName: string, time: string): OfferedSlot => ({
  doctorId,
  doctorName,
  timeZone: 'UTC',
  slot: slotOf('2098-05-06', time, ['video']),
});
const OFFERS = [offerOf(colleagueId, 'Dr Okoye', '10:00'), offerOf(doctor.id, doctor.name, '11:00')];

function show(others?: boolean) {
  const onchoose = vi.fn<(startsAt: string) => void>();
  const refusal = { text: m['book.taken'](), offers: OFFERS, timeIsGone: true };
  render(Offers, { refusal, doctorId: doctor.id, onchoose, ...(others === undefined ? {} : { others }) });
  const all = [...screen.getByRole('alert').querySelectorAll<HTMLElement>('.free-time')];
  return { onchoose, all };
}

it('offers the times of the same doctor first, then colleagues by name, who lead to their own pages', async () => {
  const { onchoose, all } = show();
  expect(all.map(({ tagName }) => tagName)).toEqual(['BUTTON', 'A']);
  expect([all[0]?.textContent.includes('Dr Okoye'), all[1]?.textContent.includes('Dr Okoye')]).toEqual([false, true]);
  const way = new URL(all[1]?.getAttribute('href') ?? '', 'https://clinic.org');
  expect([way.pathname, way.searchParams.get('time')]).toEqual([`/doctors/${colleagueId}`, OFFERS[0]?.slot.startsAt]);
  await fireEvent.click(all[0] ?? document.body);
  expect(onchoose.mock.calls).toEqual([[OFFERS[1]?.slot.startsAt]]);
});

it('offers nobody else where only this doctor will do', () => {
  expect(show(false).all.map(({ tagName }) => tagName)).toEqual(['BUTTON']);
});

it('takes the focus, so that nobody has to look for what went wrong', async () => {
  show();
  await expect.poll(() => document.activeElement?.contains(screen.getByText(m['book.taken']()))).toBe(true);
  expect(document.activeElement).not.toBe(document.body);
});
