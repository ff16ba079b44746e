import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compile,
  DEFAULT_MODES,
  type Finding,
  lint,
  type Policy,
  Severity,
  withTwins,
} from '../../../src/netpol/index.js';
import { CASES, readingsOf } from './cases.js';

const isOn =
  ({ kind, namespace, name }: Policy) =>
  ({ policy }: Finding): boolean =>
    policy === null ||
    (policy.kind === kind && policy.namespace === namespace && policy.name === name);

test('the findings on one policy are those among the findings on all, in their order', () => {
  let found = 0;
  for (const each of CASES.filter(({ separately }) => separately !== true)) {
    for (const { facts, policies, problems } of readingsOf(each)) {
      const options = { modes: DEFAULT_MODES, problems, ...each.options };
      const all = lint(facts, policies, options);
      for (const policy of policies) {
        const own = lint(facts, policies, { ...options, only: new Set([policy]) });
        assert.deepEqual(own, all.filter(isOn(policy)), each.title);
        found += own.length;
      }
      const none = lint(facts, policies, { ...options, only: new Set() });
      assert.deepEqual(
        none,
        all.filter(({ policy }) => policy === null),
      );
    }
  }
  assert.ok(found > 100, `only ${found} findings`);
});

test('errors alone are those among all findings, in their order', () => {
  let found = 0;
  for (const each of CASES.filter(({ separately }) => separately !== true)) {
    for (const { facts, policies, problems } of readingsOf(each)) {
      const options = { modes: DEFAULT_MODES, problems, ...each.options };
      const errors = lint(facts, policies, { ...options, errorsOnly: true });
      assert.deepEqual(
        errors,
        lint(facts, policies, options).filter(({ severity }) => severity === Severity.ERROR),
        each.title,
      );
      const compiled = compile(withTwins(facts), policies, options.modes);
      const asked = lint(facts, policies, { ...options, errorsOnly: true, compiled });
      assert.deepEqual(asked, errors, each.title);
      found += errors.length;
    }
  }
  assert.ok(found > 20, `only ${found} errors`);
});
