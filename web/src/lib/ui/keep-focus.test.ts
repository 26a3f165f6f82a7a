import { beforeEach, expect, it } from 'vitest';
import { keepFocus } from './keep-focus.ts';

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
