import type { EntityManager } from 'typeorm';
import { bool, type Columns, int4, jsonb, oneOf, statement, text, uuid } from '../database/row.js';
import { dateTimeText } from '../query/date-time.js';
import { AlertRule, AlertSeverity } from './alert.js';
import { AlertEnforcement, type AlertRuleDefinition, SHIPPED_RULES } from './alert-rule.js';

export type AlertRuleStore = {
  /** Shipped ones, as they were changed, and all others; by name. */
  all(): Promise<readonly AlertRuleDefinition[]>;
  /** Changes of rules wait for each other until their transactions end. */
  lock(): Promise<void>;
  put(rule: AlertRuleDefinition): Promise<void>;
  /** A shipped rule is as it was shipped again. */
  remove(id: string): Promise<void>;
};

type Row = Omit<AlertRuleDefinition, 'shipped'>;

const RULE: Columns<Row> = {
  id: uuid,
  name: text,
  description: text,
  criterion: oneOf(AlertRule),
  severity: oneOf(AlertSeverity),
  categories: jsonb<readonly string[]>(),
  parameters: jsonb<AlertRuleDefinition['parameters']>(),
  scope: jsonb<AlertRuleDefinition['scope']>(),
  exclusions: jsonb<AlertRuleDefinition['exclusions']>(),
  enabled: bool,
  enforcement: oneOf(AlertEnforcement),
  version: int4,
  updatedAt: text as Columns<Row>['updatedAt'],
  updatedBy: text as Columns<Row>['updatedBy'],
};

const ALL = statement<Row>('alertRules.all', RULE);

/** Held with `pg_advisory_xact_lock`. */
const LOCK_OF_RULES = 727_011;

/** @param stored those that were made or changed */
function withShipped(stored: readonly Row[]): readonly AlertRuleDefinition[] {
  const shipped = new Set(SHIPPED_RULES.map(({ id }) => id));
  const changed = new Map(stored.map(rule => [rule.id, rule]));
  return [
    ...SHIPPED_RULES.map(rule => ({ ...rule, ...changed.get(rule.id) })),
    ...stored.filter(({ id }) => !shipped.has(id)).map(rule => ({ ...rule, shipped: false })),
  ].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

export const alertRuleStore = (manager: EntityManager): AlertRuleStore => ({
  all: async () =>
    withShipped(
      await ALL.rows(
        manager,
        `select id, name, description, criterion, severity, categories, parameters, scope, exclusions, enabled, enforcement,
          version, ${dateTimeText('updated_at')} as "updatedAt", updated_by as "updatedBy" from alert_rule`,
        [],
      ),
    ),
  lock: async () => {
    await manager.query('/* alertRules.lock */ select pg_advisory_xact_lock($1)', [LOCK_OF_RULES]);
  },
  put: async rule => {
    const { id, name, description, criterion, severity, categories, parameters } = rule;
    const { scope, exclusions, enabled, enforcement, version, updatedAt, updatedBy } = rule;
    const json = [categories, parameters, scope, exclusions].map(value => JSON.stringify(value));
    await manager.query(
      `/* alertRules.put */ insert into alert_rule (id, name, description, criterion, severity, categories, parameters, scope,
        exclusions, enabled, enforcement, version, updated_at, updated_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      on conflict (id) do update set name = excluded.name, description = excluded.description, severity = excluded.severity,
        categories = excluded.categories, parameters = excluded.parameters, scope = excluded.scope,
        exclusions = excluded.exclusions, enabled = excluded.enabled, enforcement = excluded.enforcement,
        version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
      [
        id,
        name,
        description,
        criterion,
        severity,
        ...json,
        enabled,
        enforcement,
        version,
        updatedAt,
        updatedBy,
      ],
    );
  },
  remove: async id => {
    await manager.query('/* alertRules.remove */ delete from alert_rule where id = $1', [id]);
  },
});
