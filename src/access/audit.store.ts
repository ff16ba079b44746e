import type { EntityManager } from 'typeorm';
import { int8, jsonb, nullable, oneOf, statement, text, uuid } from '../database/row.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { cursorKeyColumn, type Order } from '../query/keyset.js';
import { COUNTED, countText, KEYED, type Keyed, type PageRequest } from '../query/page.js';
import {
  type AuditEntry,
  type AuditedAct,
  type AuditHead,
  type AuditLine,
  AuditResult,
  auditHash,
  auditText,
  NO_ENTRY,
} from './audit.js';
import { type Checkpoint, CheckpointKind } from './checkpoint.js';

/** Rows of lists: what else there is to a line is in its text. */
export type AuditRow = {
  /** A bigint, as text. */
  readonly seq: string;
  readonly at: string;
  readonly actor: string | null;
  readonly principal: string | null;
  readonly action: string;
  readonly result: AuditResult;
  readonly text: string;
  readonly prev: string;
  readonly hash: string;
};

export type AuditStore = {
  /** Notes that something is being done. @param id a fresh uuid */
  begin(id: string, act: AuditedAct): Promise<void>;
  /**
   * Appends lines to the chain, one after another, and forgets that they were being done. Waits for others who
   * append: the lock on the head is what keeps the chain from forking.
   */
  append(lines: readonly AuditLine[], begun: readonly string[]): Promise<void>;
  /** What began so many minutes ago or earlier and was never said to have ended: its server was killed. */
  abandoned(minutes: number): Promise<readonly Abandoned[]>;
  page(filter: Condition, request: PageRequest): Promise<readonly (AuditRow & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** In their order, after `seq`. */
  following(seq: number, most: number): Promise<readonly AuditRow[]>;
  /** The last entry. */
  head(): Promise<AuditHead>;
  /** By the entries that they are of. */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** @returns whether there was none of this kind and entry yet */
  addCheckpoint(checkpoint: Checkpoint): Promise<boolean>;
  /**
   * Drops the entries before the first that is not older than `before`, but never the last one.
   * @param made what is written down of it, by the last entry that is dropped
   * @returns null where nothing was dropped
   */
  prune(before: string, made: (last: AuditHead) => Pruning): Promise<Checkpoint | null>;
};

export type Pruning = { readonly checkpoint: Checkpoint; readonly line: AuditLine };

export type Abandoned = { readonly id: string; readonly act: AuditedAct };

/** The latest first. */
export const AUDIT_ORDER: Order = [{ expression: 'e.seq', type: 'bigint', direction: 'DESC' }];

type StoredCheckpoint = Omit<Checkpoint, 'seq'> & { readonly seq: string };

const ROW = {
  seq: int8,
  at: text,
  actor: nullable(text),
  principal: nullable(text),
  action: text,
  result: oneOf(AuditResult),
  text,
  prev: text,
  hash: text,
};

const STATEMENTS = {
  head: statement<{ readonly seq: string; readonly hash: string }>('audit.head', {
    seq: int8,
    hash: text,
  }),
  abandoned: statement<Abandoned>('audit.abandoned', { id: uuid, act: jsonb<AuditedAct>() }),
  page: statement<AuditRow & Keyed>('audit.page', { ...ROW, ...KEYED }),
  count: statement('audit.count', COUNTED),
  following: statement<AuditRow>('audit.following', ROW),
  checkpoints: statement<StoredCheckpoint>('audit.checkpoints', {
    seq: int8,
    kind: oneOf(CheckpointKind),
    hash: text,
    at: text,
    signature: nullable(text),
  }),
  addCheckpoint: statement<{ readonly seq: string }>('audit.addCheckpoint', { seq: int8 }),
  lastBefore: statement<{ readonly seq: string; readonly hash: string }>('audit.lastBefore', {
    seq: int8,
    hash: text,
  }),
};

const COLUMNS = `e.seq, ${dateTimeText('e.at')} as at, e.actor, e.principal, e.action, e.result, e.text, e.prev, e.hash`;

/** Any number that nothing else locks. */
const CHAIN_LOCK = 7_203_554_401;

async function headOf(manager: EntityManager): Promise<AuditHead> {
  const [row] = await STATEMENTS.head.rows(
    manager,
    'select e.seq, e.hash from audit_entry e order by e.seq desc limit 1',
    [],
  );
  return row === undefined ? NO_ENTRY : { seq: Number(row.seq), hash: row.hash };
}

function sealed(head: AuditHead, lines: readonly AuditLine[]): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  let { seq, hash } = head;
  for (const line of lines) {
    seq += 1;
    const prev = hash;
    const text = auditText(seq, line);
    hash = auditHash(prev, text);
    entries.push({ ...line, seq, text, prev, hash });
  }
  return entries;
}

const lockChain = (manager: EntityManager): Promise<unknown> =>
  manager.query('/* audit.lockChain */ select pg_advisory_xact_lock($1)', [CHAIN_LOCK]);

/** @param manager of a transaction that ends the lock of the chain */
async function append(
  manager: EntityManager,
  lines: readonly AuditLine[],
  begun: readonly string[],
): Promise<void> {
  await lockChain(manager);
  const entries = sealed(await headOf(manager), lines);
  await manager.query(
    `/* audit.append */ with done as (delete from audit_pending where id = any($8::uuid[]))
    insert into audit_entry (seq, at, actor, action, result, text, prev, hash, principal)
    select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $9::text[], $10::text[])`,
    [
      entries.map(({ seq }) => seq),
      entries.map(({ at }) => at),
      entries.map(({ actor }) => actor),
      entries.map(({ action }) => action),
      entries.map(({ result }) => result),
      entries.map(({ text }) => text),
      entries.map(({ prev }) => prev),
      begun,
      entries.map(({ hash }) => hash),
      entries.map(({ principal }) => principal),
    ],
  );
}

async function addCheckpoint(
  manager: EntityManager,
  { seq, kind, hash, at, signature }: Checkpoint,
): Promise<boolean> {
  const added = await STATEMENTS.addCheckpoint.rows(
    manager,
    `insert into audit_checkpoint (seq, kind, hash, at, signature) values ($1, $2, $3, $4, $5)
    on conflict do nothing returning seq`,
    [seq, kind, hash, at, signature],
  );
  return added.length > 0;
}

async function prune(
  manager: EntityManager,
  before: string,
  made: (last: AuditHead) => Pruning,
): Promise<Checkpoint | null> {
  await lockChain(manager);
  const [row] = await STATEMENTS.lastBefore.rows(
    manager,
    `select e.seq, e.hash from audit_entry e where e.seq = (
      select coalesce(min(n.seq) filter (where n.at >= $1), max(n.seq)) - 1 from audit_entry n)`,
    [before],
  );
  if (row === undefined) return null;
  const last = { seq: Number(row.seq), hash: row.hash };
  const { checkpoint, line } = made(last);
  await append(manager, [line], []);
  await addCheckpoint(manager, checkpoint);
  await manager.query('/* audit.prune */ delete from audit_entry where seq <= $1', [last.seq]);
  await manager.query('/* audit.pruneCheckpoints */ delete from audit_checkpoint where seq < $1', [
    last.seq,
  ]);
  return checkpoint;
}

const keeping = (
  manager: EntityManager,
): Pick<AuditStore, 'head' | 'checkpoints' | 'addCheckpoint' | 'prune'> => ({
  head: () => headOf(manager),
  checkpoints: async () => {
    const rows = await STATEMENTS.checkpoints.rows(
      manager,
      `select c.seq, c.kind, c.hash, ${dateTimeText('c.at')} as at, c.signature from audit_checkpoint c order by c.seq, c.kind`,
      [],
    );
    return rows.map(row => ({ ...row, seq: Number(row.seq) }));
  },
  addCheckpoint: checkpoint => addCheckpoint(manager, checkpoint),
  prune: (before, made) => manager.transaction(within => prune(within, before, made)),
});

export const auditStore = (manager: EntityManager): AuditStore => ({
  begin: async (id, act) => {
    await manager.query(
      '/* audit.begin */ insert into audit_pending (id, begun_at, act) values ($1, clock_timestamp(), $2)',
      [id, JSON.stringify(act)],
    );
  },
  append: (lines, begun) => manager.transaction(within => append(within, lines, begun)),
  abandoned: minutes =>
    STATEMENTS.abandoned.rows(
      manager,
      `select p.id, p.act from audit_pending p
      where p.begun_at < clock_timestamp() - make_interval(mins => $1) order by p.begun_at limit 1000`,
      [minutes],
    ),
  page: (filter, request) => {
    const { sql, values } = buildWhere([filter, ...request.conditions]);
    return STATEMENTS.page.rows(
      manager,
      `select ${COLUMNS}, ${cursorKeyColumn(request.order)} from audit_entry e ${sql}
      ${request.orderBy} limit ${request.fetch}`,
      values,
    );
  },
  count: async filter => {
    const { sql, values } = buildWhere([filter]);
    const text = countText(`from audit_entry e ${sql}`);
    return (await STATEMENTS.count.row(manager, text, values)).count;
  },
  following: (seq, most) =>
    STATEMENTS.following.rows(
      manager,
      `select ${COLUMNS} from audit_entry e where e.seq > $1 order by e.seq limit $2`,
      [seq, most],
    ),
  ...keeping(manager),
});

/** What a caller who may not see everything sees: the own lines. */
export const linesOf = (principal: string): Condition => condition('e.principal = $1', principal);
