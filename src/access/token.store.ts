import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  bool,
  type Columns,
  jsonb,
  nullable,
  oneOf,
  statement,
  text,
  texts,
  uuid,
} from '../database/row.js';
import {
  and,
  asking,
  buildWhere,
  type Condition,
  EVERYTHING,
  sql,
  value,
} from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import { cursorKeyColumn, type Order } from '../query/keyset.js';
import type { LabelSelector } from '../query/label-selector.js';
import { COUNTED, countText, KEYED, type Keyed, type PageRequest } from '../query/page.js';
import type { Caller, Names } from './caller.js';
import type { Role } from './role.js';
import { type Token, TokenKind } from './token.js';

export type NewToken = Pick<
  Token,
  | 'name'
  | 'kind'
  | 'roles'
  | 'clusters'
  | 'namespaces'
  | 'selector'
  | 'expiresAt'
  | 'createdBy'
  | 'prefix'
> & { readonly hash: string };

/** For the eyes of those who may give access: tokens belong to no cluster. Nobody sees a token that may see more than they do. */
export type TokenStore = {
  add(token: NewToken): Promise<Token>;
  /** The one that is good now; a use is written down once a minute. Null: unknown, expired or revoked. */
  use(hash: string): Promise<Token | null>;
  /** Whether any was ever created: then nobody is answered without one. */
  exists(): Promise<boolean>;
  page(request: PageRequest): Promise<readonly (Token & Keyed)[]>;
  count(): Promise<number>;
  byIds(ids: readonly string[]): Promise<readonly Token[]>;
  /** From now on; a second call changes nothing. Null: there is none. */
  revoke(id: string): Promise<Token | null>;
};

/** The latest first. */
export const TOKEN_ORDER: Order = [
  { expression: 't.created_at', type: 'timestamptz', direction: 'DESC' },
  { expression: 't.id', type: 'uuid', direction: 'DESC' },
];

/** Tells every replica that tokens are others now. */
export const TOKENS_CHANGED = 'weirgate_tokens';

type Row = Omit<Token, 'roles' | 'clusters' | 'namespaces'> & {
  readonly roles: readonly string[];
  readonly clusters: readonly string[] | null;
  readonly namespaces: readonly string[] | null;
};

const ROW: Columns<Row> = {
  id: uuid,
  prefix: text,
  name: text,
  kind: oneOf(TokenKind),
  roles: texts,
  clusters: nullable(texts),
  namespaces: nullable(texts),
  selector: nullable(jsonb<LabelSelector>()),
  createdAt: text,
  createdBy: text,
  expiresAt: text,
  revokedAt: nullable(text),
  lastUsedAt: nullable(text),
};

const COLUMNS = `t.id, t.prefix, t.name, t.kind, t.roles, t.clusters, t.namespaces, t.selector,
  ${dateTimeText('t.created_at')} as "createdAt", t.created_by as "createdBy",
  ${dateTimeText('t.expires_at')} as "expiresAt", ${dateTimeText('t.revoked_at')} as "revokedAt",
  ${dateTimeText('t.last_used_at')} as "lastUsedAt"`;

const STATEMENTS = {
  add: statement('tokens.add', ROW),
  use: statement('tokens.use', ROW),
  exists: statement<{ readonly exists: boolean }>('tokens.exists', { exists: bool }),
  page: statement<Row & Keyed>('tokens.page', { ...ROW, ...KEYED }),
  count: statement('tokens.count', COUNTED),
  byIds: statement('tokens.byIds', ROW),
  revoke: statement('tokens.revoke', ROW),
};

const tokenOf = <R extends Row>(row: R): Omit<R, keyof Row> & Token => ({
  ...row,
  roles: row.roles as readonly Role[],
  clusters: row.clusters ?? 'ALL',
  namespaces: row.namespaces ?? 'ALL',
});

const stored = (names: Names): readonly string[] | null => (names === 'ALL' ? null : names);

const ADD = `with made as (
    insert into access_token as t (id, hash, prefix, name, kind, roles, clusters, namespaces, selector, created_at, created_by, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp(), $10, $11) returning t.*),
  told as materialized (select pg_notify('${TOKENS_CHANGED}', ''))
  select ${COLUMNS} from made t where (select count(*) from told) > 0`;

/** Only the first use in a minute writes. */
const USE = `with good as (
    select * from access_token where hash = $1 and revoked_at is null and expires_at > clock_timestamp()),
  used as (
    update access_token t set last_used_at = date_trunc('minute', clock_timestamp()) from good
    where t.id = good.id and (good.last_used_at is null or good.last_used_at < date_trunc('minute', clock_timestamp())))
  select ${COLUMNS} from good t`;

const REVOKE = (own: string): string => `with gone as (
    update access_token t set revoked_at = coalesce(t.revoked_at, clock_timestamp()) where t.id = $1 and ${own} returning t.*),
  told as materialized (select pg_notify('${TOKENS_CHANGED}', ''))
  select ${COLUMNS} from gone t where (select count(*) from told) > 0`;

/** Of a token `t`: its scope is within the caller's. */
function covered({ clusters, namespaces, selector }: Caller): Condition {
  const within = (column: string, names: Names): Condition =>
    names === 'ALL' ? EVERYTHING : sql`t.${column} <@ ${value('text[]', names)}`;
  return and([
    within('clusters', clusters),
    within('namespaces', namespaces),
    selector === null ? EVERYTHING : sql`t.selector = ${value('jsonb', JSON.stringify(selector))}`,
  ]);
}

const lists = (
  manager: EntityManager,
  caller: Caller,
): Pick<TokenStore, 'page' | 'count' | 'byIds'> => ({
  page: async request => {
    const { sql: where, values } = buildWhere([covered(caller), ...request.conditions]);
    const rows = await STATEMENTS.page.rows(
      manager,
      `select ${COLUMNS}, ${cursorKeyColumn(request.order)} from access_token t ${where}
      ${request.orderBy} limit ${request.fetch}`,
      values,
    );
    return rows.map(tokenOf);
  },
  count: async () => {
    const { sql: where, values } = buildWhere([covered(caller)]);
    return (await STATEMENTS.count.row(manager, countText(`from access_token t ${where}`), values))
      .count;
  },
  byIds: async ids =>
    (
      await STATEMENTS.byIds.ask(
        manager,
        asking(
          [ids],
          [covered(caller)],
          own => `select ${COLUMNS} from access_token t where t.id = any($1::uuid[]) and ${own}`,
        ),
      )
    ).map(tokenOf),
});

export const tokenStore = (manager: EntityManager, caller: Caller): TokenStore => ({
  add: async ({
    hash,
    prefix,
    name,
    kind,
    roles,
    clusters,
    namespaces,
    selector,
    expiresAt,
    createdBy,
  }) =>
    tokenOf(
      await STATEMENTS.add.row(manager, ADD, [
        randomUUID(),
        hash,
        prefix,
        name,
        kind,
        roles,
        stored(clusters),
        stored(namespaces),
        selector === null ? null : JSON.stringify(selector),
        createdBy,
        expiresAt,
      ]),
    ),
  use: async hash => {
    const [row] = await STATEMENTS.use.rows(manager, USE, [hash]);
    return row === undefined ? null : tokenOf(row);
  },
  exists: async () =>
    (await STATEMENTS.exists.row(manager, 'select exists (select from access_token)', [])).exists,
  ...lists(manager, caller),
  revoke: async id => {
    const [row] = await STATEMENTS.revoke.ask(manager, asking([id], [covered(caller)], REVOKE));
    return row === undefined ? null : tokenOf(row);
  },
});
