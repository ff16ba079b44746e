import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import { NO_POLICIES } from '../../../src/netpol/compile/policy-lists.js';
import { compile } from '../../../src/netpol/index.js';
import { sideTable } from '../../../src/netpol/judge/side-table.js';
import { NOTHING } from '../../../src/netpol/ports/traffic.js';
import { outcomeTable, UNGOVERNED_OUTCOME } from '../../../src/netpol/rows/outcome-table.js';
import { facts } from '../evaluation/build.js';

// The compiler refuses what stands below each `@ts-expect-error`; it complains where there is nothing to refuse.
test('a number of one kind is not taken for one of another', () => {
  const { table, lists, listOf } = compile(facts({}), []).engine;
  const outcomes = outcomeTable();
  const sides = sideTable(table, outcomes);
  const side = sides.plain(UNGOVERNED_OUTCOME);
  const podClass = 0 as ClassId;
  // @ts-expect-error
  assert.equal(table.at(UNGOVERNED_OUTCOME), table.at(NOTHING));
  // @ts-expect-error
  assert.equal(outcomes.at(side), outcomes.at(UNGOVERNED_OUTCOME));
  // @ts-expect-error
  assert.equal(sides.at(UNGOVERNED_OUTCOME), sides.at(side));
  // @ts-expect-error
  assert.equal(lists.EGRESS.program(podClass), lists.EGRESS.program(NO_POLICIES));
  // @ts-expect-error
  listOf.EGRESS[0] = podClass;
  // @ts-expect-error
  assert.equal(table.unite(0, NOTHING), NOTHING);
});
