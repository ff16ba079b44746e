import assert from 'node:assert/strict';
import { formatNamed } from '../../src/flows/formats/formats.js';
import { readRecords } from '../../src/flows/formats/reading.js';
import { recordsOf } from '../../src/flows/formats/record.js';
import { type IngestInput, readChunks } from '../../src/flows/ingest/read-chunks.js';
import type { Observation, ObservedPeer, Reading } from '../../src/flows/observation.js';
import { isStorable } from './storable.js';

const NOW = Date.UTC(2026, 10, 22, 12) * 1000;

type Records = IngestInput['records'];

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const isName = (name: string | null): boolean =>
  name === null || (name.length <= 253 && SUBDOMAIN.test(name));

function checkPeer(peer: ObservedPeer): void {
  const { namespace, pod, workload, labels, service, node, cluster, dnsNames } = peer;
  for (const name of [namespace, pod, workload?.name ?? null, service?.name ?? null, node])
    assert.ok(isName(name), `name ${JSON.stringify(name)}`);
  assert.match(workload?.kind ?? 'Pod', /^[A-Za-z][A-Za-z0-9]{0,62}$/);
  for (const [key, value] of Object.entries(labels ?? {})) {
    assert.match(key.split('/').at(-1) ?? '', LABEL_NAME);
    assert.ok(value === '' || LABEL_NAME.test(value), `label value ${JSON.stringify(value)}`);
  }
  // A space within the name is taken: platforms show such names to people.
  assert.ok(cluster === null || (cluster.length <= 253 && cluster.trim() === cluster));
  assert.doesNotMatch(cluster ?? '', /[\p{C}\p{Zl}\p{Zp}]/u);
  for (const name of dnsNames) assert.match(name, /^[a-z0-9_*]([a-z0-9._*-]{0,252})$/);
}

const isCount = (count: number | null): boolean =>
  count === null || (Number.isSafeInteger(count) && count >= 0);

const isPort = (port: number | null): boolean =>
  port === null || (Number.isInteger(port) && port >= 1 && port <= 65_535);

/** What must hold of every observation, whatever was sent; told apart from the code that sees to it. */
function checkObservation(observation: Observation): void {
  const { source, destination, firstSeen, lastSeen } = observation;
  assert.ok(isStorable(observation), 'text that Postgres cannot hold');
  checkPeer(source);
  checkPeer(destination);
  assert.ok(Number.isSafeInteger(firstSeen) && Number.isSafeInteger(lastSeen), 'whole times');
  assert.ok(firstSeen <= lastSeen, 'a window has an end');
  for (const count of [observation.events, observation.connections, observation.bytes])
    assert.ok(isCount(count), `count ${count}`);
  for (const port of [observation.port, observation.servicePort, observation.sourcePort])
    assert.ok(isPort(port), `port ${port}`);
}

function checkReading(reading: Reading): void {
  for (const observation of reading.observations) checkObservation(observation);
  assert.ok(isCount(reading.lost), `lost ${reading.lost}`);
  assert.ok(reading.sampling === null || isCount(reading.sampling));
  for (const { code, message, hint } of reading.rejected) {
    assert.notEqual(code, 'UNREADABLE', `${message} (${hint})`);
    assert.ok(isStorable({ code, message, hint }), 'a message that cannot be sent');
    assert.ok(message.length < 2_000, 'a message that nobody can read');
  }
}

const sizeOf = ({ observations, rejected, skipped }: Reading): number =>
  observations.length + rejected.length + Object.values(skipped).reduce((sum, n) => sum + n, 0);

/** Reads an upload as the server does, without a store. @throws where something does not hold */
export async function readFlows(
  name: string,
  sent: Uint8Array | readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const { format } = formatNamed(name);
  assert.ok(format !== null);
  const reader = format.open({ receivedAt: NOW });
  let pushed = 0;
  const checked = {
    ...reader,
    push: (record: Parameters<typeof reader.push>[0]) => {
      pushed += 1;
      reader.push(record);
    },
    take: () => {
      const reading = reader.take();
      checkReading(reading);
      // A graph or a list of neighbours is one record with many edges.
      if (!['stackrox', 'kubescape', 'auto'].includes(name))
        assert.ok(sizeOf(reading) <= pushed + 1, 'a record counts once');
      pushed = 0;
      return reading;
    },
  };
  const records: Records =
    sent instanceof Uint8Array
      ? readRecords(
          (async function* () {
            yield sent;
          })(),
        )
      : (async function* () {
          yield recordsOf(sent);
        })();
  const input = { cluster: 'fuzz', format: name, reader: checked, records, key: null };
  for await (const chunk of readChunks(input)) assert.ok(chunk.size > 0);
}
