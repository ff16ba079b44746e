import { type ConfigProblem, VARIABLES } from './config.js';
import { nearestNames } from './netpol/index.js';

type Texts = Readonly<Record<string, string | undefined>>;

/** Variables that begin so are ours. */
const PREFIX = 'WEIRGATE_';

/** Of other commands, not of the configuration. */
const OTHERS: readonly string[] = ['WEIRGATE_NOTIFIER_SECRET'];

/** Kubernetes gives every container these about a Service that is named `weirgate`. */
const SERVICE_LINK = /^WEIRGATE_(?:SERVICE_(?:HOST|PORT\w*)|PORT_\d+_\w+)$/;

/** The environment without what Kubernetes says of a Service named `weirgate`: its WEIRGATE_PORT is an address. */
export const withoutServiceLinks = (env: Texts): Texts =>
  env['WEIRGATE_PORT']?.startsWith('tcp://') === true ? { ...env, WEIRGATE_PORT: undefined } : env;

/** Variables that are named as ours and are no setting, with the settings that may have been meant. */
export const strayVariables = (
  env: Texts,
): readonly { readonly name: string; readonly near: readonly string[] }[] =>
  Object.keys(env)
    .filter(name => name.startsWith(PREFIX) && !SERVICE_LINK.test(name))
    .filter(name => ![...VARIABLES, ...OTHERS].includes(name))
    .map(name => ({ name, near: nearestNames(name, VARIABLES) }));

/** Variables that were most likely meant to be a setting. */
export const misspelt = (env: Texts): readonly ConfigProblem[] =>
  strayVariables(env).flatMap(({ name, near }) =>
    near.length === 0
      ? []
      : [{ setting: name, message: 'there is no such setting', hint: `say ${near.join(' or ')}` }],
  );

/** A data folder that would not be used, since another Postgres is named. */
export function contradictions(flags: Texts, env: Texts): readonly ConfigProblem[] {
  if (flags['dataDir'] === undefined) return [];
  const setting = '--data-dir (WEIRGATE_DATA_DIR)';
  if (flags['databaseUrl'] !== undefined) {
    const message = 'it has no effect with `--database-url`';
    return [{ setting, message, hint: 'give one of the two' }];
  }
  if (!env['DATABASE_URL']) return [];
  const message = 'it has no effect where DATABASE_URL names another Postgres';
  return [{ setting, message, hint: 'unset that variable, or leave the flag out' }];
}
