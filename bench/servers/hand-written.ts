/**
 * `hand-written.ts DATABASE_URL`: what pg and node:http answer with nothing between them, for the
 * benchmarks `graphql-list` and `graphql-nested`. The limit that a server of any kind is held against.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const [databaseUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });

const TIME = `to_char(p.first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const DEPLOYMENTS = `from peer p where p.kind = 'DEPLOYMENT' and p.alias_of is null and p.ended_at is null
  order by p.cluster_id, p.namespace, p.name, p.id limit 100`;

const LIST = {
  name: 'list',
  text: `select p.id, p.name, p.workload_kind as kind, ${TIME} as "firstSeenAt" ${DEPLOYMENTS}`,
};

const latest = (
  end: string,
): string => `(select f.port, f.destination_id, f.last_seen_at, f.id from flow f
  where f.cluster_id = d.cluster_id and f.${end} = d.id order by f.last_seen_at desc, f.id desc limit 10)`;

const NESTED = {
  name: 'nested',
  text: `with d as materialized (select p.cluster_id, p.id, p.namespace, p.name ${DEPLOYMENTS})
    select d.name, json_build_object('name', n.name) as namespace, l.flows
    from d
    join namespace n on n.cluster_id = d.cluster_id and n.name = d.namespace
    cross join lateral (
      select json_build_object('nodes', coalesce(json_agg(json_build_object('port', t.port,
        'destination', json_build_object('name', p.name)) order by t.last_seen_at desc, t.id desc), '[]')) as flows
      from (select * from (${latest('source_id')} union ${latest('destination_id')}) f
        order by f.last_seen_at desc, f.id desc limit 10) t
      join peer p on p.cluster_id = d.cluster_id and p.id = t.destination_id
    ) l
    order by d.cluster_id, d.namespace, d.name, d.id`,
};

const STATEMENTS: Readonly<Record<string, { readonly name: string; readonly text: string }>> = {
  '/list': LIST,
  '/nested': NESTED,
};

const server = createServer((request, response) => {
  request.resume().once('end', async () => {
    const statement = STATEMENTS[request.url ?? ''];
    if (statement === undefined) return void response.writeHead(404).end();
    const { rows } = await pool.query(statement);
    const body = JSON.stringify({ data: { deployments: { nodes: rows } } });
    response
      .writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      })
      .end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
