import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settledBy } from '../../src/notifiers/deliver.js';
import type { Due } from '../../src/notifiers/notification.store.js';
import { planMessages, roomFor, toldOf } from '../../src/notifiers/plan.js';

const dueOf = (id: string, messageId: string | null = null) =>
  ({ clusterId: 1, id, messageId, attempts: 0, told: { id } }) as unknown as Due;

/** Due alerts (`m:a` was begun in message m), room, digest, and the messages that are sent. */
const PLANS: readonly (readonly [string, number, boolean, string])[] = [
  ['a b', 3, true, 'a | b'],
  ['a b c d', 3, true, '* a b c d'],
  ['a b c d', 0, true, ''],
  ['m:a m:b c', 2, true, 'm a b | c'],
  ['m:a m:b c d', 2, true, 'm a b | * c d'],
  ['m:a b', 0, true, 'm a'],
  ['a b c d', 2, false, 'a | b'],
  ['a b', Number.POSITIVE_INFINITY, false, 'a | b'],
];

test('messages are planned by what is due, what was begun, and the room that is left', () => {
  for (const [text, room, digest, wanted] of PLANS) {
    const all = text.split(' ').map(one => {
      const [message = '', id] = one.split(':');
      return id === undefined ? dueOf(message) : dueOf(id, message);
    });
    const planned = planMessages(all, { digest, room }).map(({ id, dues }) => {
      const ids = dues.map(one => one.id).join(' ');
      return dues.length === 1 && dues[0]?.id === id ? ids : `${id.length > 1 ? '*' : id} ${ids}`;
    });
    assert.equal(planned.join(' | '), wanted, `${text} ${room} ${digest}`);
  }
  const lately = { sentInHour: 19, sentInFiveMinutes: 1 };
  assert.equal(roomFor({ ...lately, digest: true, maxPerHour: 20 }), 1);
  assert.equal(roomFor({ ...lately, digest: true, maxPerHour: null }), 2);
  assert.equal(roomFor({ ...lately, digest: false, maxPerHour: null }), Number.POSITIVE_INFINITY);
  assert.equal(roomFor({ ...lately, digest: false, maxPerHour: 3 }), 0);
  assert.equal(toldOf({ id: 'x', dues: [] }), null);
});

test('an outcome settles a message: sent, tried again, given up, or the notifier switched off', () => {
  const failed = { sent: false, status: 'HTTP 503', again: true, after: null } as const;
  const of = (outcome: Parameters<typeof settledBy>[0], attempts: number) => {
    const { state, gone, waitMs, pauseMs } = settledBy(outcome, attempts);
    return [state, gone, waitMs === null, (pauseMs ?? 0) <= 120_000];
  };
  assert.deepEqual(of({ sent: true, status: 'HTTP 200' }, 1), ['SENT', false, true, true]);
  assert.deepEqual(of(failed, 1), ['PENDING', false, false, true]);
  assert.deepEqual(of(failed, 9), ['PENDING', false, false, true]);
  assert.deepEqual(of(failed, 14), ['DEAD', false, true, true]);
  assert.deepEqual(of({ ...failed, again: false }, 1), ['DEAD', false, true, true]);
  assert.deepEqual(of({ ...failed, gone: true }, 1), ['PENDING', true, true, true]);
  assert.deepEqual(of({ ...failed, after: 600_000 }, 1), ['PENDING', false, false, false]);
});
