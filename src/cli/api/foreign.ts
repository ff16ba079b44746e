import { ForeignPoliciesDocument } from '../../generated/cli.js';
import type { ApiClient } from '../client.js';

const MOST_NAMES = 5;

/** That policies of other APIs act in a cluster, which are not read. */
export const foreignText = (names: readonly string[]): string => {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const shown = names.slice(0, MOST_NAMES).map(name => `\`${name}\``);
  return `${shown.join(', ')}${more} ${names.length === 1 ? 'acts' : 'act'} in the cluster, not read here, and may change this`;
};

/** The same as a line for standard error; empty: none acts there. */
export const foreignLine = async ({ ask }: ApiClient, cluster: string): Promise<string> => {
  const names = (await ask(ForeignPoliciesDocument, { cluster })).cluster?.foreignPolicies ?? [];
  return names.length === 0 ? '' : `warning: ${foreignText(names)}\n`;
};
