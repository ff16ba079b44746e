import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded.js';
import { silentLog } from '../../src/database/log.js';
import { flowRecords, type ListedCluster, manifests } from '../data/listed-cluster.js';
import { weirgate } from '../servers/built.js';

/** A server in a process of its own. */
export type Server = { readonly url: string; readonly pid: number };

/** The servers of the contest over one database, each listening. */
export type Scene = {
  readonly weirgate: Server;
  readonly postgraphile: Server;
  readonly handWritten: Server;
  /** Process id of Postgres, whose children work for the connections. */
  readonly postmaster: number;
  readonly execute: (sql: string) => Promise<unknown>;
};

const script = (name: string): readonly string[] => [
  ...process.execArgv,
  fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url)),
];

/**
 * PostGraphile reads relations and functions of rows from the schema: those that the nested list takes. The indexes are
 * those that it and the hand-written statement would be given by whoever asks for flows by their ends.
 */
const FOR_REFERENCES = `
  create index on flow (cluster_id, source_id, last_seen_at desc);
  create index on flow (cluster_id, destination_id, last_seen_at desc);
  comment on table peer is E'@foreignKey (cluster_id, namespace) references namespace (cluster_id, name)';
  comment on table flow is E'@foreignKey (cluster_id, source_id) references peer (cluster_id, id)\\n@foreignKey (cluster_id, destination_id) references peer (cluster_id, id)';
  create function peer_latest_flows(p peer) returns setof flow language sql stable as $$
    select f.* from flow f
    where f.cluster_id = p.cluster_id and (f.source_id = p.id or f.destination_id = p.id)
    order by f.last_seen_at desc, f.cluster_id desc, f.id desc
  $$`;

const SECONDS_TO_START = 60;

/** Starts a script that prints `listening on URL`. */
async function start(
  children: ChildProcess[],
  script: readonly string[],
  flags: readonly string[],
): Promise<Server> {
  const child = spawn(process.execPath, [...script, ...flags], {
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line', {
    signal: AbortSignal.timeout(SECONDS_TO_START * 1_000),
  });
  const [, url] = /^listening on (\S+)$/.exec(String(line)) ?? [];
  if (url === undefined || child.pid === undefined)
    throw new Error(`\`${script.at(-1)}\` does not listen; it printed: ${line}`);
  return { url, pid: child.pid };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`\`${url}\` answered ${answer.status}: ${text}`);
}

/** The cluster as its owner would bring it in: by the server's own routes, so that the tables may change. */
async function bringIn(server: string, cluster: ListedCluster): Promise<void> {
  await post(`${server}/ingest/inventory?cluster=bench`, manifests(cluster));
  await post(`${server}/ingest/flows?cluster=bench&format=neutral`, flowRecords(cluster));
}

/**
 * Starts an embedded Postgres without autovacuum, so that its statistics are those that are asked for,
 * and the three servers; ends all of it afterwards.
 */
export async function withScene(
  cluster: ListedCluster,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weirgate-bench-'));
  await chmod(folder, 0o711);
  const database = await startEmbedded({ dataDir: folder, log: silentLog, durable: false });
  const client = new pg.Client(database.url);
  const children: ChildProcess[] = [];
  try {
    await client.connect();
    await client.query('alter system set autovacuum = off');
    await client.query('select pg_reload_conf()');
    const flags = ['serve', '--port', '0', '--log-level', 'warn', '--database-url', database.url];
    const ours = await start(children, weirgate(), flags);
    await bringIn(ours.url, cluster);
    await client.query(FOR_REFERENCES);
    const postgraphile = await start(children, script('postgraphile'), [database.url]);
    const handWritten = await start(children, script('hand-written'), [database.url]);
    const pidFile = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
    const postmaster = Number.parseInt(pidFile, 10);
    const execute = (sql: string) => client.query(sql);
    await use({ weirgate: ours, postgraphile, handWritten, postmaster, execute });
  } finally {
    await Promise.all(children.map(stop));
    await client.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
