import assert from 'node:assert/strict';
import { blocksOf, textOf } from '../documents/tree.js';
import type { Tour } from './tour.js';

const NPM = '$ npm run -s weirgate -- ';
const FOLDER = 'generated-policies';

type Shown = { readonly words: readonly string[]; readonly lines: readonly string[] };

/** The commands that the README runs on the demonstration cluster, with what it shows of their answers. */
const SHOWN: readonly Shown[] = blocksOf(textOf('README.md'), '')
  .map(block => block.trimEnd().split('\n'))
  .filter(([first = '']) => first.startsWith(NPM) && first.includes('--cluster demo'))
  .map(([first = '', ...lines]) => ({
    words: (first.slice(NPM.length).match(/"[^"]*"|\S+/g) ?? []).map(word =>
      word.replaceAll('"', ''),
    ),
    lines: lines.filter(line => line !== '…'),
  }));

/** Counts differ with the time of day; words do not. */
const withoutCounts = (text: string): string => text.replaceAll(/\d+/g, '#').trimEnd();

/** Runs what the README runs, in its order: each command answers, and prints the lines that are shown, but for their counts. */
export const runReadme = async ({ weirgate, folder }: Tour): Promise<void> => {
  assert.ok(SHOWN.length >= 5);
  for (const { words, lines } of SHOWN) {
    const { exit, out, err } = await weirgate(...words.map(word => word.replace(FOLDER, folder)));
    const command = words.join(' ');
    assert.ok(exit < 2, `${command}: ${err}`);
    const printed = `${err}${out}`.replaceAll(folder, FOLDER).split('\n').map(withoutCounts);
    for (const line of lines)
      assert.ok(printed.includes(withoutCounts(line)), `${command}: \`${line}\`\n${out}${err}`);
  }
};
