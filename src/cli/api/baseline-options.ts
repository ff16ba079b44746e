import type { Command } from 'commander';
import type { LabelSelector, LabelSelectorRequirement } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { Failure } from '../shell.js';
import type { OutputOptions } from '../show.js';
import { addCluster } from './flow-options.js';
import { collected } from './generate-options.js';
import { assertKnown } from './known.js';

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

const REQUIREMENT = /^(!?)([^=!]+?)(?:(!=|==?)(.*))?$/;

const wrongPart = (part: string): Failure =>
  new Failure(`\`${part}\` is no requirement of a selector`, 'as `tier=back` or `!tier`');

function requirementOf(part: string): LabelSelectorRequirement {
  const [, not, key, operator, value = ''] = REQUIREMENT.exec(part.trim()) ?? [];
  if (key === undefined) throw wrongPart(part);
  if (not === '!') {
    if (operator !== undefined) throw wrongPart(part);
    return { key, operator: 'DoesNotExist', values: null };
  }
  if (operator === undefined) return { key, operator: 'Exists', values: null };
  return { key, operator: operator === '!=' ? 'NotIn' : 'In', values: [value] };
}

/** What `kubectl` takes as a selector, without its sets. */
export const selectorOf = (text: string | undefined): LabelSelector | null =>
  text === undefined
    ? null
    : { matchExpressions: text.split(',').map(requirementOf), matchLabels: null };

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
