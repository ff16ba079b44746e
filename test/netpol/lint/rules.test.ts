import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINT_RULES } from '../../../src/netpol/lint/rules.js';
import { CASES, findingsOf, readingsOf } from './cases.js';

for (const each of CASES) {
  const { rule, title, faulty, finds } = each;
  test(`${rule}: ${title}`, () => {
    const problems = readingsOf(each).flatMap(reading => reading.problems);
    const refused = problems.some(({ severity }) => severity === 'ERROR');
    assert.equal(refused, faulty ?? false, JSON.stringify(problems));
    const found = findingsOf(each).filter(finding => finding.rule === rule);
    assert.equal(found.length, finds.length, JSON.stringify(found, null, 2));
    for (const [index, wanted] of finds.entries()) {
      const { message, path } = found[index] ?? {};
      assert.ok(path === wanted || message?.includes(wanted), `${wanted}: ${message} at ${path}`);
    }
  });
}

for (const { id } of LINT_RULES) {
  test(`rule ${id} has a case where it fires and one where it is silent`, () => {
    const own = CASES.filter(({ rule }) => rule === id);
    assert.ok(own.some(({ finds }) => finds.length > 0));
    assert.ok(own.some(({ finds }) => finds.length === 0));
  });
}
