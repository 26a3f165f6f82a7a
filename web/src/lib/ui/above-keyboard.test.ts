import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aboveKeyboard } from './above-keyboard.ts';

const WINDOW_PX = 640;
const root = document.documentElement;
const hidden = (): string => root.style.getPropertyValue('--keyboard');
/** What a browser tells of the part of the page that is seen. */
const view = Object.assign(new EventTarget(), { height: WINDOW_PX, offsetTop: 0, scale: 1 });
const change = (type: 'resize' | 'scroll', to: Partial<typeof view>): void => {
  Object.assign(view, to);
  view.dispatchEvent(new Event(type));
};
/** At the lower edge of the window, and as much higher as is asked for. */
const box = document.createElement('div');
box.getBoundingClientRect = () => new DOMRect(0, 0, 360, WINDOW_PX - (parseFloat(hidden()) || 0));

beforeEach(() => {
  Object.assign(view, { height: WINDOW_PX, offsetTop: 0, scale: 1 });
  vi.stubGlobal('visualViewport', view);
});
afterEach(() => vi.unstubAllGlobals());

it('follows how much of the window a keyboard hides, also while the page is moved under it', () => {
  const sized = vi.fn();
  const stop = aboveKeyboard(box, sized);
  expect(hidden()).toBe('0px');
  change('resize', { height: 380 });
  expect([hidden(), sized.mock.calls.length]).toEqual(['260px', 2]);
  change('scroll', { offsetTop: 100 });
  expect([hidden(), sized.mock.calls.length]).toEqual(['160px', 2]);
  change('resize', { height: WINDOW_PX, offsetTop: 0 });
  expect(hidden()).toBe('0px');
  stop();
  change('resize', { height: 380 });
  expect(hidden()).toBe('');
});

it('leaves a page alone that is enlarged by hand', () => {
  const stop = aboveKeyboard(box, () => undefined);
  change('resize', { height: WINDOW_PX / 2, scale: 2 });
  expect(hidden()).toBe('0px');
  stop();
});
