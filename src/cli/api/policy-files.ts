import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { visible } from '../../netpol/index.js';
import { unwritable } from '../file-faults.js';
import { Failure } from '../shell.js';

export type PolicyFile = {
  readonly namespace: string;
  readonly name: string;
  readonly yaml: string;
};

const SUFFIX = '-networkpolicy.yaml';

/** `frontend-networkpolicy.yaml`; in a folder of its namespace where the policies are of several. */
const policyPaths = (policies: readonly PolicyFile[]): readonly string[] => {
  const several = new Set(policies.map(({ namespace }) => namespace)).size > 1;
  return policies.map(({ namespace, name }) =>
    several ? join(namespace, `${name}${SUFFIX}`) : `${name}${SUFFIX}`,
  );
};

/** Kubernetes' own names, and nothing that leads elsewhere. */
const PART = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

function assertWithin({ namespace, name }: PolicyFile): void {
  const wrong = [namespace, name].find(part => !PART.test(part) || part.includes('..'));
  if (wrong === undefined) return;
  throw new Failure(
    `\`${visible(wrong).slice(0, 100)}\` is no name of Kubernetes, so that no file is named after it`,
    'leave --output-dir out to see the policies; find out which source sends such names',
  );
}

/** Paths within the folder, in the order of the policies. */
export type Written = {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Files of that name which no policy asks for any more; they stay. */
  readonly left: readonly string[];
};

/**
 * One file a policy, and with `kustomize` one that lists them. A file that says the same already is not touched.
 * @throws Failure where the folder cannot be written, or a name would lead out of it
 */
export const writePolicies = async (
  folder: string,
  policies: readonly PolicyFile[],
  kustomize = false,
): Promise<Written> => {
  policies.forEach(assertWithin);
  const written: string[] = [];
  const unchanged: string[] = [];
  const paths = policyPaths(policies);
  for (const [index, path] of paths.entries()) {
    const yaml = policies[index]?.yaml ?? '';
    const changed = await writeChanged(join(folder, path), yaml);
    (changed ? written : unchanged).push(path);
  }
  const left = await leftOver(folder, paths);
  if (kustomize) await writeChanged(join(folder, 'kustomization.yaml'), kustomization(paths));
  return { written, unchanged, left };
};

/** Names of Kubernetes need no quotes in YAML; paths of folders have slashes in every system. */
const kustomization = (paths: readonly string[]): string =>
  [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    ...paths.toSorted().map(path => `  - ${path.replaceAll('\\', '/')}`),
    '',
  ].join('\n');

const writeChanged = async (path: string, text: string): Promise<boolean> => {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before === text) return false;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return true;
  } catch (error) {
    throw unwritable(path, error, 'name another --output-dir');
  }
};

const leftOver = async (folder: string, paths: readonly string[]): Promise<readonly string[]> => {
  const folders = [...new Set(paths.map(dirname))];
  const found = await Promise.all(
    folders.map(async each => {
      const names = await readdir(join(folder, each)).catch(() => []);
      return names.filter(name => name.endsWith(SUFFIX)).map(name => join(each, name));
    }),
  );
  return found
    .flat()
    .filter(path => !paths.includes(path))
    .toSorted();
};
