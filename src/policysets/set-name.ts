import { stableId } from '../inventory/identity.js';
import type { DeploymentScope } from '../inventory/scope.js';

const DEFAULT = 'generated';
/** Longer lists of names are told apart by an id. */
const MOST_LETTERS = 80;

const joined = (names: readonly string[]): string => {
  const text = [...new Set(names)].toSorted().join('+');
  return text.length <= MOST_LETTERS ? text : stableId(text);
};

/**
 * The name of a set that was given none: `generated`, `generated-shop`, `generated-shop:web`. One for each scope, so that
 * no namespace's set takes the place of another's.
 */
export const defaultSetName = ({ namespaces, deployments }: DeploymentScope): string =>
  DEFAULT +
  (namespaces === null ? '' : `-${joined(namespaces)}`) +
  (deployments === null ? '' : `:${joined(deployments)}`);
