import type { Command } from 'commander';
import type { LabelSelector } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import type { OutputOptions } from '../show.js';
import { addCluster } from './flow-options.js';
import { collected } from './generate-options.js';
import { assertKnown } from './known.js';
import { selectorOf } from './label-selector.js';

export const BASELINE_NOUN = ['baseline', 'what is normal for deployments'] as const;

export type ScopeOptions = OutputOptions & {
  readonly cluster: string;
  readonly namespace: readonly string[];
  readonly deployment: readonly string[];
  readonly selector?: string;
};

export type Scope = {
  readonly cluster: string;
  readonly namespaces: readonly string[] | null;
  readonly deployments: readonly string[] | null;
  readonly labels: LabelSelector | null;
};

/** Which deployments of a cluster. */
export const addScope = (command: Command): Command =>
  addCluster(command)
    .option('--namespace <name>', 'only of this namespace (repeatable)', collected, [])
    .option(
      '--deployment <name>',
      'only of this deployment, `name` or `namespace/name` (repeatable)',
      collected,
      [],
    );

export const addSelector = (command: Command): Command =>
  command.option(
    '-l, --selector <labels>',
    'only of deployments with these labels, as `tier=back,team!=infra,app`',
  );

const listed = (names: readonly string[]): readonly string[] | null =>
  names.length === 0 ? null : names;

/** @throws Failure where a name is nobody's */
export async function scopeOf(
  client: ApiClient,
  { cluster, namespace, deployment, selector }: ScopeOptions,
): Promise<Scope> {
  await assertKnown(client, { cluster, namespaces: namespace, deployments: deployment });
  return {
    cluster,
    namespaces: listed(namespace),
    deployments: listed(deployment),
    labels: selectorOf(selector),
  };
}
