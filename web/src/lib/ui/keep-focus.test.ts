import { tick } from 'svelte';
import { beforeEach, expect, it } from 'vitest';
import { keepFocus, passFocusOn } from './keep-focus.ts';

const element = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`There is no ${selector}`);
  return found;
};

beforeEach(() => {
  document.body.innerHTML =
    '<main><h1>Settings</h1><button id="gone">End</button><button id="other">Other</button></main>';
  element('#gone').focus();
});

function removeIt(): Promise<void> {
  element('#gone').remove();
  return Promise.resolve();
}

it('moves the focus that was lost to the place that is named, else to the heading of the page', async () => {
  await keepFocus(removeIt, () => element('#other'));
  expect(document.activeElement).toBe(element('#other'));
  element('#other').id = 'gone';
  await keepFocus(removeIt);
  expect(document.activeElement).toBe(element('h1'));
  // Browsers give it to a heading only so; the Tab key passes it by.
  expect(element('h1').tabIndex).toBe(-1);
  expect(element('h1').getAttribute('tabindex')).toBe('-1');
});

it('leaves it where it is otherwise', async () => {
  await keepFocus(
    () => Promise.resolve(),
    () => element('#other'),
  );
  expect(document.activeElement).toBe(element('#gone'));
});

it('goes to the content of a page that has no heading yet', async () => {
  element('h1').remove();
  await keepFocus(removeIt);
  expect(document.activeElement).toBe(element('main'));
});

/** A control that passes its focus on, and what ends it. */
function watched(): () => void {
  const end = passFocusOn(() => element('#other'))(element('#gone'));
  if (typeof end !== 'function') throw new Error('Nothing ends it');
  return end;
}

it('goes on from a control that vanishes, whatever took it away', async () => {
  const end = watched();
  element('#gone').remove();
  end();
  await expect.poll(() => document.activeElement).toBe(element('#other'));
});

it('is not taken from where somebody went before the control vanished', async () => {
  const end = watched();
  element('#gone').dispatchEvent(new FocusEvent('blur'));
  element('#gone').remove();
  end();
  await tick();
  expect(document.activeElement).toBe(document.body);
});
