import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withIntake } from './support/intake.js';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const EXPECTED = join(DATA, 'ground-truth/hubble-otel-tcp-expected-edges.json');
const skip = existsSync(EXPECTED) ? false : 'the recorded data is not beside the project';

type Edge = {
  readonly src: string;
  readonly dst: string;
  readonly proto: string;
  readonly port: number;
};

/** "Edges by k8s:app and k8s:version label": `namespace/app@version`; by name where no label tells. */
const END = (alias: string): string => `case ${alias}.kind
  when 'DEPLOYMENT' then ${alias}.namespace || '/' || coalesce(${alias}.labels ->> 'app', ${alias}.name)
    || coalesce('@' || (${alias}.labels ->> 'version'), '')
  when 'NODE' then 'reserved:host'
  else ${alias}.kind || ':' || ${alias}.name end`;

const EDGES = `select ${END('s')} as src, ${END('d')} as dst, f.protocol as proto, f.port
  from flow f join peer s on s.id = f.source_id join peer d on d.id = f.destination_id`;

const EVERYTHING = `select (select json_agg(f order by f.id) from flow f) as flows,
  (select json_agg(h order by h.flow_id, h.slot) from flow_hour h) as hours,
  (select json_agg(p order by p.id) from peer p) as peers`;

const lineOf = ({ src, dst, proto, port }: Edge): string => `${src} -> ${dst} ${proto} ${port}`;

test(
  '400 recorded flows without a snapshot give the edges that are known to be in them',
  { skip },
  () =>
    withIntake(async ({ send, rows }) => {
      const { file, edges, must_not_appear: wrong } = JSON.parse(await readFile(EXPECTED, 'utf8'));
      const text = await readFile(join(DATA, 'flows/hubble', basename(file)), 'utf8');
      const { accepted, skipped, rejected } = await send(text, { format: 'hubble' });
      assert.deepEqual([accepted + skipped, rejected], [400, 0]);
      const found = ((await rows(EDGES)) as readonly Edge[]).map(lineOf);
      assert.deepEqual(found.toSorted(), edges.map(lineOf).toSorted());
      for (const edge of wrong) assert.ok(!found.includes(lineOf({ proto: 'TCP', ...edge })));
      const before = await rows(EVERYTHING);
      const again = await send(text, { format: 'hubble' });
      assert.deepEqual([again.accepted, again.duplicates], [0, 400]);
      assert.deepEqual(await rows(EVERYTHING), before);
    }),
);
