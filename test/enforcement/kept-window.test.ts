import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptWindow } from '../../src/enforcement/kept-window.js';

const at = (day: number, hour = 0): string => new Date(Date.UTC(2026, 10, day, hour)).toISOString();
const window = (since: string | null, until: string | null) => ({ since, until });

const ALL = { forgottenUntil: null, rolledUntil: null };

test('a window of which all is kept tells all of itself', () => {
  for (const one of [window(at(2, 5), at(3, 7)), window(null, null), window(at(4), null)])
    assert.deepEqual(keptWindow(one, ALL), { window: one, told: one, untold: [], lost: false });
  const whole = window(at(2), at(4));
  const { told, untold } = keptWindow(whole, { forgottenUntil: at(2), rolledUntil: at(9) });
  assert.deepEqual([told, untold], [whole, []]);
});

test('days that a window cuts are not told where their hours became one count', () => {
  const rolled = { forgottenUntil: null, rolledUntil: at(5) };
  assert.deepEqual(keptWindow(window(at(2, 5), at(4, 7)), rolled), {
    window: window(at(2, 5), at(4, 7)),
    told: window(at(3), at(4)),
    untold: [window(at(2, 5), at(3)), window(at(4), at(4, 7))],
    lost: false,
  });
  const inside = keptWindow(window(at(2, 5), at(2, 7)), rolled);
  assert.equal(inside.told.since, inside.told.until);
  assert.deepEqual(inside.untold, [window(at(2, 5), at(2, 7)), window(at(2, 5), at(2, 7))]);
  assert.deepEqual(keptWindow(window(at(5, 5), at(6, 7)), rolled).untold, []);
});

test('of what was forgotten nothing is told, also where a window is open', () => {
  const forgotten = { forgottenUntil: at(5), rolledUntil: null };
  const { untold, lost } = keptWindow(window(at(4), at(6)), forgotten);
  assert.deepEqual([untold, lost], [[window(at(4), at(5))], false]);
  assert.deepEqual(keptWindow(window(null, at(6)), forgotten).untold, [window(null, at(5))]);
  assert.deepEqual(keptWindow(window(null, null), forgotten).untold, [window(null, at(5))]);
  assert.equal(keptWindow(window(at(1), at(5)), forgotten).lost, true);
  assert.equal(keptWindow(window(null, at(3)), forgotten).lost, true);
});
