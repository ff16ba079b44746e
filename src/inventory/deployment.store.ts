import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visibleWorkload } from '../access/visible.js';
import {
  int4,
  jsonb,
  neverNullHere,
  nullable,
  oneOf,
  statement,
  text,
  texts,
  uuid,
} from '../database/row.js';
import { asking, buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  type PageRequest,
} from '../query/page.js';
import type { LabelSet } from './label-set.js';
import { LABEL_SET } from './label-set.store.js';
import type { Labels } from './labels.js';
import { type Revision, RevisionSource } from './namespace.js';
import type { Peer } from './peer.js';
import { PEER, peerColumns, SOME_OF_PEER } from './peer-columns.js';

type DeploymentName = {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Null takes every kind. */
  readonly kind: string | null;
};

type DeploymentKey = { readonly clusterId: number; readonly id: string };

/** What a page of deployments shows beside the row. */
export type DeploymentPods = {
  readonly clusterId: number;
  readonly id: string;
  /** Pods that have not ended. */
  readonly pods: number;
  /** The addresses that they hold now. */
  readonly addresses: readonly string[];
};

export type DeploymentRevision = Revision & {
  readonly clusterId: number;
  readonly deploymentId: string;
};

export type DeploymentLabelSet = LabelSet & { readonly clusterId: number };

type AliasOfDeployment = Peer & { readonly aliasOf: string };

export type DeploymentStore = {
  /**
   * @param filter over `peer` p
   * @param columns what is read of each row; what else a `Peer` has is not in it
   */
  page(
    filter: Condition,
    request: PageRequest,
    columns: readonly (keyof Peer)[],
  ): Promise<readonly (Peer & Keyed)[]>;
  count(filter: Condition): Promise<number>;
  /** Those that have not ended stand first. */
  byName(name: DeploymentName): Promise<readonly Peer[]>;
  /** Also counts what Services of the address book do not: only pods. At most `most` addresses of each. */
  podsOf(keys: readonly DeploymentKey[], most: number): Promise<readonly DeploymentPods[]>;
  /** At most `most` of each, by name. */
  aliasesOf(keys: readonly DeploymentKey[], most: number): Promise<readonly AliasOfDeployment[]>;
  /** Of those whose pods have not ended, by deployment and set, at most `most` of each. */
  labelSetsOf(keys: readonly DeploymentKey[], most: number): Promise<readonly DeploymentLabelSet[]>;
  /** Newest first, at most `most` of each. */
  revisionsOf(keys: readonly DeploymentKey[], most: number): Promise<readonly DeploymentRevision[]>;
};

const STATEMENTS = {
  page: statement<Peer & Keyed>(
    'deployments.page',
    { ...SOME_OF_PEER, ...KEYED },
    { keepsPlan: true },
  ),
  count: statement('deployments.count', COUNTED),
  byName: statement('deployments.byName', PEER),
  podsOf: statement<DeploymentPods>('deployments.podsOf', {
    clusterId: int4,
    id: uuid,
    pods: int4,
    addresses: texts,
  }),
  aliasesOf: statement<AliasOfDeployment>('deployments.aliasesOf', {
    ...PEER,
    aliasOf: neverNullHere(uuid),
  }),
  labelSetsOf: statement<DeploymentLabelSet>('deployments.labelSetsOf', {
    ...LABEL_SET,
    clusterId: int4,
  }),
  revisionsOf: statement<DeploymentRevision>('deployments.revisionsOf', {
    clusterId: int4,
    deploymentId: uuid,
    labels: jsonb<Labels>(),
    source: oneOf(RevisionSource),
    validFrom: text,
    validTo: nullable(text),
  }),
} as const;

/** Over `peer` p. */
export const DEPLOYMENTS = condition(`p.kind = 'DEPLOYMENT' and p.alias_of is null`);
const KEYS = 'unnest($1::int[], $2::uuid[]) k (cluster_id, id)';

/** Looked up for each key: where nothing is analysed, a join would read the table. */
const PEER_OF_KEY =
  'cross join lateral (select * from peer where cluster_id = k.cluster_id and id = k.id offset 0) p';

const columnsOf = (keys: readonly DeploymentKey[]) => [
  keys.map(({ clusterId }) => clusterId),
  keys.map(({ id }) => id),
];

const podsText = (most: number): string => `
  select k.cluster_id as "clusterId", k.id,
    (select count(*)::int from pod where pod.cluster_id = k.cluster_id and pod.deployment_id = k.id
      and pod.ended_at is null) as pods,
    array(select host(b.address) from address_book b where b.cluster_id = k.cluster_id and b.peer_id = k.id
      and b.holder = 'POD' and b.valid_to is null order by b.address limit ${most}) as addresses
  from ${KEYS} ${PEER_OF_KEY}`;

const ofSome = (
  manager: EntityManager,
  caller: Caller,
): Pick<DeploymentStore, 'podsOf' | 'aliasesOf' | 'labelSetsOf' | 'revisionsOf'> => {
  const ofKeys = (keys: readonly DeploymentKey[], text: (seen: string) => string): Condition =>
    asking(columnsOf(keys), [visibleWorkload(caller, 'p')], own => text(own));
  return {
    podsOf: (keys, most) =>
      STATEMENTS.podsOf.ask(
        manager,
        ofKeys(keys, own => `${podsText(most)} where ${own}`),
      ),
    aliasesOf: (keys, most) =>
      STATEMENTS.aliasesOf.ask(
        manager,
        ofKeys(
          keys,
          own => `select x.* from ${KEYS} cross join lateral (select ${peerColumns('p')} from peer p
          where p.cluster_id = k.cluster_id and p.alias_of = k.id and ${own} order by p.natural_key limit ${most}) x`,
        ),
      ),
    labelSetsOf: (keys, most) =>
      STATEMENTS.labelSetsOf.ask(
        manager,
        ofKeys(
          keys,
          own => `select k.cluster_id as "clusterId", k.id as "deploymentId", l.id, l.labels, l.ports,
          l.host_network as "hostNetwork", (select count(*)::int from pod where pod.cluster_id = k.cluster_id
            and pod.deployment_id = k.id and pod.label_set_id = l.id and pod.ended_at is null) as pods
        from ${KEYS} ${PEER_OF_KEY}
        cross join lateral (
          select s.* from (select * from deployment_label_set where cluster_id = k.cluster_id and deployment_id = k.id
            and valid_to is null offset 0) d
          cross join lateral (select * from label_set where cluster_id = k.cluster_id and id = d.label_set_id offset 0) s
          order by s.labels::text, s.id limit ${most}) l
        where ${own} order by k.id, l.labels::text, l.id`,
        ),
      ),
    revisionsOf: (keys, most) =>
      STATEMENTS.revisionsOf.ask(
        manager,
        ofKeys(
          keys,
          own => `select r.cluster_id as "clusterId", r.deployment_id as "deploymentId", r.labels, r.source,
          ${dateTimeText('r.valid_from')} as "validFrom", ${dateTimeText('r.valid_to')} as "validTo"
        from ${KEYS} ${PEER_OF_KEY}
        cross join lateral (select * from deployment_revision where cluster_id = k.cluster_id and deployment_id = k.id
          order by valid_from desc limit ${most}) r
        where ${own} order by r.valid_from desc`,
        ),
      ),
  };
};

export const deploymentStore = (manager: EntityManager, caller: Caller): DeploymentStore => {
  const seen = visibleWorkload(caller, 'p');
  const wanted = [DEPLOYMENTS, seen];
  return {
    page: (filter, request, columns) => {
      const { sql, values } = buildWhere([...wanted, filter, ...request.conditions]);
      return STATEMENTS.page.rows(
        manager,
        `select ${peerColumns('p', columns)}${cursorColumn(request)}
        from peer p ${sql} ${request.orderBy} limit ${request.fetch}`,
        values,
      );
    },
    count: async filter => {
      const { sql, values } = buildWhere([...wanted, filter]);
      return (await STATEMENTS.count.row(manager, countText(`from peer p ${sql}`), values)).count;
    },
    byName: ({ cluster, namespace, name, kind }) =>
      STATEMENTS.byName.ask(
        manager,
        asking(
          [cluster, namespace, name, kind],
          [seen],
          own => `select ${peerColumns('p')} from peer p join cluster c on c.id = p.cluster_id
        where c.name = $1 and p.namespace = $2 and p.name = $3 and ($4::text is null or p.workload_kind = $4)
          and ${DEPLOYMENTS.sql} and ${own}
        order by p.ended_at nulls first, p.inferred, p.workload_kind`,
        ),
      ),
    ...ofSome(manager, caller),
  };
};
