import type { Caller } from './caller.js';

/** SQL expressions that give a row's cluster id and namespace; `namespace` null for rows that never have one. */
export type ScopedColumns = { readonly clusterId: string; readonly namespace: string | null };

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const listed = (names: readonly string[]): string =>
  `array[${names.map(literal).join(', ')}]::text[]`;

/**
 * The SQL condition under which a caller sees a row: the one place where scopes become SQL.
 * Names are quoted as literals (`standard_conforming_strings` is on, PostgreSQL's default).
 */
export const visible = (caller: Caller, { clusterId, namespace }: ScopedColumns): string => {
  const conditions = [
    ...(caller.clusters === 'ALL'
      ? []
      : [
          `${clusterId} in (select seen.id from cluster seen where seen.name = any(${listed(caller.clusters)}))`,
        ]),
    ...(caller.namespaces === 'ALL' || namespace === null
      ? []
      : [`(${namespace} is null or ${namespace} = any(${listed(caller.namespaces)}))`]),
  ];
  return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
};
