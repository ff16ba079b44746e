import {
  AuditExportDocument,
  type AuditExportQuery,
  type AuditFilter,
  AuditLogDocument,
  AuditVerificationDocument,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addExits, addOutput, group, outputOf } from '../command.js';
import { jsonText, LISTING_FORMATS, type Listing, yamlText } from '../print/listing.js';
import { csvLines } from '../print/table.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, write, writeAsItIs } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addWindow, equalTo, type WindowOptions } from './flow-options.js';
import { allNodes } from './pages.js';

type Entry = Awaited<ReturnType<typeof entriesOf>>[number];

type ListOptions = WindowOptions &
  OutputOptions & {
    readonly actor?: string;
    readonly action?: string;
  };

const NOUN = ['audit', 'who did what, when, from where, and what came of it'] as const;

const filterOf = ({ actor, action, since, until }: ListOptions): AuditFilter => ({
  actor: equalTo(actor),
  action: equalTo(action),
  at: since === undefined && until === undefined ? null : { gte: since ?? null, lt: until ?? null },
});

const entriesOf = ({ ask }: ReturnType<typeof clientOf>, filter: AuditFilter) =>
  allNodes(async after => (await ask(AuditLogDocument, { filter, first: 500, after })).auditLog);

const listingOf = (entries: readonly Entry[]): Listing => ({
  heading: ['seq', 'at', 'actor', 'from', 'action', 'target', 'result', 'detail'],
  rows: entries.map(entry => [
    entry.seq,
    shortTime(entry.at),
    entry.actor ?? '-',
    entry.address ?? '-',
    entry.action,
    entry.target ?? '-',
    entry.result,
    entry.detail ?? '',
  ]),
  value: { entries },
  empty: 'nothing was written down',
});

export const addAuditList: AddCommands = shell => {
  const { program } = shell;
  const command = group(program, ...NOUN)
    .command('list')
    .description(
      'the audit log, latest first; an ADMIN sees all of it, everybody else the own lines',
    )
    .option('--actor <name>', 'only what this caller did')
    .option('--action <name>', 'only this, such as `lockBaselines`')
    .addHelpText('after', '\nExample:\n  $ weirgate audit list --since 7d --output json');
  addOutput(addWindow(command, 'what was done'), LISTING_FORMATS, 'table').action(
    async (options: ListOptions) => {
      const entries = await entriesOf(clientOf(shell), filterOf(options));
      await show(shell, listingOf(entries), options);
    },
  );
};

const VERIFY_FORMATS = ['text', 'json', 'yaml'] as const;

type VerifyFormat = (typeof VERIFY_FORMATS)[number];

type VerifyOptions = {
  readonly output: VerifyFormat;
  readonly outputFormat?: VerifyFormat;
  readonly checkpoint?: string;
};

const verifiedText = (format: VerifyFormat, verification: object, said: string): string => {
  if (format === 'text') return said;
  return format === 'json' ? jsonText({ verification }) : yamlText({ verification });
};

export const addAuditVerify: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, ...NOUN)
    .command('verify')
    .description('hold every entry of the audit log against the one before it')
    .option(
      '--checkpoint <text>',
      'one that this command printed before, and that was kept elsewhere',
    )
    .addHelpText(
      'after',
      '\nKeep the checkpoint that it prints: another day it shows whether the end of the log was cut off.\n\nExample:\n  $ weirgate audit verify --checkpoint "$(cat kept)"',
    );
  addExits(command, '0 when it is what was written, 1 when it is not, 2 for bad input or failure');
  addOutput(command, VERIFY_FORMATS, 'text').action(async (options: VerifyOptions) => {
    const { checkpoint } = options;
    const { auditVerification } = await clientOf(shell).ask(AuditVerificationDocument, {
      checkpoint: checkpoint ?? null,
    });
    const { entries, head, fault, signed } = auditVerification;
    const kept = auditVerification.checkpoint;
    const said = `${counted(entries, 'entry', 'entries')}, the last one ${head}\n${kept === null ? '' : `${kept}\n`}`;
    await write(io.stdout, verifiedText(outputOf(options), auditVerification, said));
    if (!signed)
      await write(
        io.stderr,
        'warning: checkpoints are not signed: start the server with WEIRGATE_SECRET_KEY\n',
      );
    if (fault === null) return;
    await write(io.stderr, `error: ${fault}\n`);
    finish(Exit.FINDINGS);
  });
};

const SEALED = ['seq', 'at', 'actor', 'principal', 'roles', 'address', 'requestId'] as const;
const OUTCOME = ['action', 'target', 'result', 'detail'] as const;

/** Of an exported line: what was sealed in it, and its place in the chain. */
function cellsOf(line: string): readonly string[] {
  const { prev, hash, text } = JSON.parse(line) as Record<'prev' | 'hash' | 'text', string>;
  const sealed = JSON.parse(text) as Record<string, unknown>;
  const cells = [...SEALED, ...OUTCOME].map(name => {
    const value = sealed[name] ?? '';
    return Array.isArray(value) ? value.join(' ') : String(value);
  });
  return [...cells, prev, hash];
}

const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

type ExportFormat = (typeof EXPORT_FORMATS)[number];

type ExportOptions = {
  readonly output: ExportFormat;
  readonly outputFormat?: ExportFormat;
  readonly after: string;
};

export const addAuditExport: AddCommands = shell => {
  const { program, io } = shell;
  const command = group(program, ...NOUN)
    .command('export')
    .description('the whole audit log, the oldest entry first')
    .option('--after <seq>', 'only entries after this one', '0')
    .addHelpText(
      'after',
      `
Example:
  $ weirgate audit export > audit.ndjson

As ndjson it is as it was sealed, to be verified elsewhere.`,
    );
  addOutput(command, EXPORT_FORMATS, 'ndjson').action(async (options: ExportOptions) => {
    const { after } = options;
    const output = outputOf(options);
    const { ask } = clientOf(shell);
    const heading = [...SEALED, ...OUTCOME, 'prev', 'hash'];
    let isFirst = true;
    for (let next: string | null = after; next !== null; ) {
      const { auditExport }: AuditExportQuery = await ask(AuditExportDocument, { after: next });
      const { lines } = auditExport;
      const text =
        output === 'csv'
          ? csvLines([...(isFirst ? [heading] : []), ...lines.map(cellsOf)])
          : lines.map(line => `${line}\n`).join('');
      await writeAsItIs(io.stdout, text);
      isFirst = false;
      next = auditExport.next;
    }
  });
};
