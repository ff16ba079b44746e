import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { fairGate } from '../../src/database/fair-gate.js';
import { until } from '../support/lab.js';
import { withServer } from '../support/server.js';

const IN_TIME = { timeout: 30_000 };

test('places go to who holds the fewest, and nobody takes all of them', IN_TIME, async () => {
  const gate = fairGate(3, 2);
  const order: string[] = [];
  const enter = async (who: string): Promise<() => void> => {
    const leave = await gate.enter(who, null);
    order.push(who);
    return leave;
  };
  const [first, second] = [await enter('many'), await enter('many')];
  const more = [enter('many'), enter('many')];
  const other = await enter('few');
  assert.deepEqual(order, ['many', 'many', 'few']);
  const third = enter('third');
  first();
  first();
  const again = await third;
  assert.deepEqual(order.slice(3), ['third'], 'who holds fewer goes before who came first');
  second();
  other();
  again();
  for (const one of more) (await one)();
});

test('who waits for a place no longer takes none', async () => {
  const gate = fairGate(1, 1);
  const leave = await gate.enter('one', null);
  const leaving = new AbortController();
  const waiting = gate.enter('two', leaving.signal);
  leaving.abort(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  leave();
  (await gate.enter('three', null))();
});

const CREATE = `mutation ($name: String!) { createToken(input: { name: $name, roles: [VIEWER] }) { secret } }`;

test(
  'a hundred queries of one caller that wait for the database leave a place for the query of another',
  IN_TIME,
  () =>
    withServer(
      async ({ server, source, url, ask }) => {
        const many = (
          await ask('mutation { createToken(input: { name: "many", roles: [ADMIN] }) { secret } }')
        ).createToken.secret;
        const as = async (token: string, query: string, variables: object = {}) => {
          const response = await fetch(`${server}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ query, variables }),
          });
          // biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
          return (await response.json()) as any;
        };
        const few = (await as(many, CREATE, { name: 'few' })).data.createToken.secret;
        const client = new pg.Client(url);
        await client.connect();
        try {
          await client.query('begin; lock table flow in access exclusive mode');
          const waiting = Array.from({ length: 100 }, (_, port) =>
            as(many, `{ flows(filter: { port: ${port + 1} }) { totalCount nodes { id } } }`),
          );
          await until(async () => {
            const rows = await source.query(
              `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            );
            return rows[0].n === 2;
          }, 'the share of one caller waits: two of four connections');
          const { data } = await as(few, '{ clusters { totalCount } viewer { name } }');
          assert.deepEqual(data, { clusters: { totalCount: 0 }, viewer: { name: 'few' } });
          await client.query('rollback');
          const answers = await Promise.all(waiting);
          assert.ok(
            answers.every(one => one.data.flows.totalCount === 0),
            'all of them are answered',
          );
        } finally {
          await client.end();
        }
      },
      { worker: false },
    ),
);
