import {
  DemoSeededDocument,
  GenerateBaselinesDocument,
  LockBaselinesDocument,
} from '../../generated/cli.js';
import { sendInventory } from '../api/inventory-upload.js';
import { hasErrors } from '../api/problem-text.js';
import { type Ingested, uploadFlows } from '../api/upload.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import { demoInventory, readUntil, SEEDED_UNTIL } from './inventory.js';
import { probeLines } from './probes.js';
import { recordLines } from './records.js';
import { INCIDENT, NORMAL } from './traffic.js';

export const CLUSTER = 'demo';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The baselines are learned from the flows before; after it comes what they are held against. */
const LOCKED_BEFORE_END = 2 * DAY;
const HISTORY = 14 * DAY;
/** How long before the end the pod was taken over. */
const INCIDENT_LASTS = 20 * HOUR;

export type Seeded = {
  /** The whole hour up to which flows were made. */
  readonly until: Date;
  readonly accepted: number;
  readonly skipped: number;
  /** Records that were there before: all of them where the demo ran on the same data already. */
  readonly duplicates: number;
};

/** The hour that the cluster was made for; null where there is none yet. */
const seededUntil = async ({ ask }: ApiClient): Promise<Date | null> => {
  const { deployment } = await ask(DemoSeededDocument, { cluster: CLUSTER });
  const labels = deployment?.namespace.labels;
  if (typeof labels !== 'object' || labels === null || !(SEEDED_UNTIL in labels)) return null;
  return readUntil(String(labels[SEEDED_UNTIL]));
};

const wholeHour = (now: Date): Date => new Date(now.getTime() - (now.getTime() % HOUR));

const refused = (what: string, messages: readonly string[]): Failure =>
  new Failure(`the demonstration's ${what} was refused: ${messages.join('; ')}`);

const importInventory = async (client: ApiClient, until: Date): Promise<void> => {
  const source = { file: 'demo.json', text: demoInventory(until) };
  const observedAt = until.toISOString();
  const { problems } = await sendInventory(client, [source], {
    cluster: CLUSTER,
    mode: 'MERGE',
    observedAt,
    key: null,
  });
  if (problems.length > 0)
    throw refused(
      'inventory',
      problems.map(({ message }) => message),
    );
};

const upload = async (
  client: ApiClient,
  format: string,
  lines: readonly string[],
): Promise<Ingested> => {
  const body = lines.map(line => `${line}\n`).join('');
  const ingested = await uploadFlows(client, { cluster: CLUSTER, format, key: null }, body);
  const { problems } = ingested;
  if (hasErrors(problems) || ingested.rejected > 0) {
    throw refused(
      'flows',
      problems.slice(0, 3).map(({ message }) => message),
    );
  }
  return ingested;
};

/** Learns and locks what is normal in the shop, from all flows before `until`. */
const lockShop = async ({ ask }: ApiClient, until: Date): Promise<void> => {
  const scope = { cluster: CLUSTER, namespaces: ['shop'] };
  const window = { since: null, until: until.toISOString() };
  const learned = await ask(GenerateBaselinesDocument, { input: { ...scope, ...window } });
  const locked = await ask(LockBaselinesDocument, { input: scope });
  const problems = [...learned.generateBaselines.problems, ...locked.lockBaselines.problems];
  if (hasErrors(problems))
    throw refused(
      'baselines',
      problems.map(({ message }) => message),
    );
};

const summed = (all: readonly Ingested[], name: 'accepted' | 'skipped' | 'duplicates'): number =>
  all.reduce((sum, each) => sum + each[name], 0);

/**
 * Makes the demonstration cluster by the API: inventory, two weeks of flows, locked baselines of the shop, then two
 * days of flows with the incident, which raise alerts. On a server that has the cluster already nothing changes:
 * the records are made for the same hour again, and known by their content.
 */
export const seedDemo = async (client: ApiClient, now: Date): Promise<Seeded> => {
  const until = (await seededUntil(client)) ?? wholeHour(now);
  const end = until.getTime();
  const locked = end - LOCKED_BEFORE_END;
  const [from, taken] = [end - HISTORY, end - INCIDENT_LASTS];
  await importInventory(client, until);
  const history = recordLines(NORMAL, { from, to: locked, every: 3 });
  const before = await upload(client, 'neutral', history);
  const probes = await upload(client, 'hubble', probeLines({ from, to: end }));
  if (before.accepted > 0) await lockShop(client, new Date(locked));
  const recent = recordLines(NORMAL, { from: locked, to: end, every: 1 });
  const after = await upload(client, 'neutral', recent);
  const incident = recordLines(INCIDENT, { from: taken, to: end, every: 1 });
  const all = [before, probes, after, await upload(client, 'neutral', incident)];
  return {
    until,
    accepted: summed(all, 'accepted'),
    skipped: summed(all, 'skipped'),
    duplicates: summed(all, 'duplicates'),
  };
};
