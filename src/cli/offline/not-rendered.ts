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
