import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledRule } from '../../../src/netpol/compile/compiled-rule.js';
import { compile } from '../../../src/netpol/index.js';
import { matchStates, START } from '../../../src/netpol/rows/match-states.js';
import { facts, networkPolicy } from '../evaluation/build.js';

type Members = { readonly surely?: readonly number[][]; readonly perhaps?: readonly number[][] };

const CLASSES = 8;

/** The states of eight classes after rules with these members. */
function statesOf(...members: readonly Members[]) {
  const policy = networkPolicy({ ingress: members.map(() => ({})) });
  const rules: readonly CompiledRule[] =
    compile(facts({}), [policy]).engine.policies[0]?.rules.INGRESS ?? [];
  const byRule = new Map(rules.map((rule, place) => [rule, members[place]]));
  const stateOf = new Int32Array(CLASSES);
  const states = matchStates(
    rules,
    rule => ({ surely: [], perhaps: [], ...byRule.get(rule) }),
    stateOf,
  );
  return { states, stateOf, marks: [...stateOf].map(state => [...states.marks(state)]) };
}

const NONE: readonly number[] = [];

test('each class has the marks of the rules that match it, the last rule first', () => {
  const { marks, states } = statesOf(
    {
      surely: [
        [1, 2, 6],
        [2, 3],
      ],
    },
    { surely: [[1, 6]], perhaps: [[3, 5]] },
    {},
    { surely: [[1, 3, 6]] },
  );
  assert.deepEqual(marks, [NONE, [6, 2, 0], [0], [6, 3, 0], NONE, [3], [6, 2, 0], NONE]);
  assert.deepEqual([...states.touched].toSorted(), [1, 2, 3, 5, 6]);
});

test('a rule that matches for certain does not match perhaps as well, nor twice', () => {
  const { marks, states } = statesOf(
    { surely: [[4], [4]], perhaps: [[4, 5], [5]] },
    { surely: [[4]] },
  );
  assert.deepEqual(marks[4], [2, 0]);
  assert.deepEqual(marks[5], [1]);
  assert.deepEqual([...states.touched], [4, 5]);
});

test('classes that the same rules match in the same way are in one state, all others in another', () => {
  const { stateOf } = statesOf(
    { surely: [[0, 1, 2, 3]], perhaps: [[4, 5]] },
    { surely: [[1, 2, 4]], perhaps: [[3]] },
  );
  const [a, b, c, d, e, f, g, h] = stateOf;
  assert.equal(b, c);
  assert.deepEqual([g, h], [START, START]);
  assert.equal(new Set([a, b, d, e, f, g]).size, 6);
});

test('without rules nothing is touched', () => {
  const { states, marks } = statesOf();
  assert.deepEqual(states.touched, []);
  assert.deepEqual(marks.flat(), []);
});
