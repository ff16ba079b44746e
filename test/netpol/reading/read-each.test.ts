import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../src/netpol/index.js';
import { note, warn } from '../../../src/netpol/reading/cursor.js';
import { readEach } from '../../../src/netpol/reading/read-each.js';

const fault = { code: 'X', message: 'x', hint: 'x' };

test('what a reader passes over gives nothing, and an object with an error gives nothing', () => {
  const names = ['plain', 'passed', 'warned', 'wrong'];
  const text = JSON.stringify(
    names.map(name => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name } })),
  );
  const { facts, problems } = readEach(
    readObjects([{ file: null, text }]).objects,
    (cursor, { name }) => {
      if (name === 'warned') warn(cursor, fault);
      if (name === 'wrong') note(cursor, fault);
      return name === 'passed' ? null : name;
    },
  );
  assert.deepEqual(facts, ['plain', 'warned']);
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ['WARNING', 'ERROR'],
  );
});
