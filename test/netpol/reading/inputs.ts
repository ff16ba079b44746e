import { readdirSync, readFileSync } from 'node:fs';
import { type Problem, parsePolicies, readManifests } from '../../../src/netpol/index.js';

const folder = new URL('inputs/', import.meta.url);

const problemLine = ({ code, severity, message, path, place, hint }: Problem): string =>
  `  ${severity} ${code} | ${place?.file}:${place?.line}:${place?.column} | ${path ?? '-'}\n    ${message}\n    ${hint ?? '-'}\n`;

const jsonLine = (value: unknown): string => `  ${JSON.stringify(value)}\n`;

/** All that is read from one file, and all that is said of it. */
function readingOf(file: string): string {
  const sources = [{ file, text: readFileSync(new URL(file, folder), 'utf8') }];
  const { facts, policies, problems, notes } = readManifests(sources);
  const alone = parsePolicies(sources, { warnOfDefaultNamespace: true });
  const more = alone.problems.filter(({ code }) => code === 'NAMESPACE_MISSING');
  return [
    `== ${file}\n`,
    ...[...problems, ...notes, ...more].map(problemLine),
    ...Object.entries(facts).flatMap(([kind, values]) =>
      !Array.isArray(values) || values.length === 0 ? [] : [`${kind}\n`, ...values.map(jsonLine)],
    ),
    ...(policies.length === 0 ? [] : ['policies\n']),
    ...policies.map(({ document: _written, ...policy }) => jsonLine(policy)),
  ].join('');
}

/** What is read from each file of `inputs/`, and every problem word for word. */
export const allReadings = (): string => readdirSync(folder).sort().map(readingOf).join('\n');
