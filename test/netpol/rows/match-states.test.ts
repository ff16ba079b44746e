import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import type { CompiledRule } from '../../../src/netpol/compile/compiled-rule.js';
import { compile } from '../../../src/netpol/index.js';
import { matchStates, START } from '../../../src/netpol/rows/match-states.js';
import { facts, networkPolicy } from '../evaluation/build.js';

type Members = readonly number[][];

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
    rule => (byRule.get(rule) ?? []).map(classes => classes as ClassId[]),
    stateOf,
  );
  return { states, stateOf, marks: [...stateOf].map(state => [...states.marks(state)]) };
}

const NONE: readonly number[] = [];

test('each class has the places of the rules that match it, the last rule first', () => {
  const { marks, states } = statesOf(
    [
      [1, 2, 6],
      [2, 3],
    ],
    [[1, 6]],
    [],
    [[1, 3, 6]],
  );
  assert.deepEqual(marks, [NONE, [3, 1, 0], [0], [3, 0], NONE, NONE, [3, 1, 0], NONE]);
  assert.deepEqual([...states.touched].toSorted(), [1, 2, 3, 6]);
});

test('a rule matches a class once, however many of its peers do', () => {
  const { marks, states } = statesOf([[4], [4]], [[4]]);
  assert.deepEqual(marks[4], [1, 0]);
  assert.deepEqual([...states.touched], [4]);
});

test('classes that the same rules match are in one state, all others in another', () => {
  const { stateOf } = statesOf([[0, 1, 2, 3]], [[1, 2, 4]]);
  const [a, b, c, d, e, f] = stateOf;
  assert.equal(b, c);
  assert.equal(a, d);
  assert.equal(f, START);
  assert.equal(new Set([a, b, e, f]).size, 4);
});

test('without rules nothing is touched', () => {
  const { states, marks } = statesOf();
  assert.deepEqual(states.touched, []);
  assert.deepEqual(marks.flat(), []);
});
