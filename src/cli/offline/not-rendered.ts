import { basename, dirname } from 'node:path';
import type { Problem, Source } from '../../netpol/index.js';

const KUSTOMIZATION = /^kustomization\.ya?ml$/i;
const CHART = /^chart\.ya?ml$/i;

const notRendered = (file: string, what: string, command: string): Problem => ({
  code: 'NOT_RENDERED',
  severity: 'WARNING',
  message: `${what} is not rendered: its files are read as they are written`,
  path: null,
  place: { file, line: 1, column: 1 },
  hint: `run \`${command}\`, and name what it prints, or \`-\``,
});

/** A file of a chart's or a kustomization's own, of which nobody expects an object. */
const isOfTool = (file: string, folders: ReadonlySet<string>): boolean =>
  KUSTOMIZATION.test(basename(file)) ||
  (/^(?:chart|values[^/]*)\.ya?ml$/i.test(basename(file)) && folders.has(dirname(file)));

/** Problems without those that only say of such files what `notRendered` says better. */
export const withoutToolFiles = (
  problems: readonly Problem[],
  notRendered: readonly Problem[],
): readonly Problem[] => {
  const folders = new Set(notRendered.map(({ place }) => dirname(place?.file ?? '')));
  return problems.filter(
    ({ code, place }) =>
      code !== 'NOT_A_KUBERNETES_OBJECT' || !isOfTool(place?.file ?? '', folders),
  );
};

/** Folders whose manifests are made by a tool: what is read there is not what would be applied. */
export const notRenderedAmong = (sources: readonly Source[]): readonly Problem[] =>
  sources.flatMap(({ file }): readonly Problem[] => {
    if (file === null) return [];
    const folder = dirname(file);
    if (KUSTOMIZATION.test(basename(file)))
      return [notRendered(file, 'a kustomization', `kubectl kustomize ${folder}`)];
    return CHART.test(basename(file))
      ? [notRendered(file, 'a Helm chart', `helm template ${folder}`)]
      : [];
  });
