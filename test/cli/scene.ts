import { fileURLToPath } from 'node:url';
import { run } from './run.js';

const scene = fileURLToPath(new URL('scene/', import.meta.url));
const before = `${scene}before`;
const after = `${scene}after`;

const FORMATS = ['txt', 'json', 'md', 'csv', 'dot'];

/** Command lines of the two folders of `scene/`. */
const COMMANDS: readonly (readonly string[])[] = [
  ...FORMATS.map(format => ['map', before, '-o', format]),
  ...FORMATS.map(format => ['map', before, '--exposure', '-o', format]),
  ...['txt', 'json'].map(format => ['map', before, '--explain', '-o', format]),
  ['map', before, '--focus-workload', 'web'],
  ['map', before, '--focus-workload', 'data/db'],
  ['map', before, '--focus-workload', 'ingress-controller'],
  ['map', before, '--focus-workload', 'nobody'],
  ['map', before, '--host-network', 'pods'],
  ['map', before, '--ip-block-pods', 'by-address'],
  ...FORMATS.map(format => ['diff', '--dir1', before, '--dir2', after, '-o', format]),
  ...['txt', 'dot'].map(format => ['diff', '--dir1', after, '--dir2', before, '-o', format]),
  ['diff', '--dir1', before, '--dir2', before],
];

/** What `netpol connectivity` prints for each of them, with its exit code. */
export async function allLists(): Promise<string> {
  const told: string[] = [];
  for (const command of COMMANDS) {
    const { exit, out, err } = await run(['netpol', 'connectivity', ...command]);
    told.push(`$ ${command.join(' ')}\n${out}${err.replace(/^/gm, '! ')}exit ${exit}\n`);
  }
  return told.join('\n').replaceAll(scene, '');
}
