import { Option } from 'commander';
import {
  AuditExportDocument,
  type AuditExportQuery,
  type AuditFilter,
  AuditLogDocument,
  AuditVerificationDocument,
} from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
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

export const addAuditVerify: AddCommands = shell => {
  const { program, io, finish } = shell;
  group(program, ...NOUN)
    .command('verify')
    .description('hold every entry of the audit log against the one before it')
    .option(
      '--checkpoint <text>',
      'one that this command printed before, and that was kept elsewhere',
    )
    .addHelpText(
      'after',
      '\nKeep the checkpoint that it prints: another day it shows whether the end of the log was cut off.\n\nExample:\n  $ weirgate audit verify --checkpoint "$(cat kept)"',
    )
    .action(async ({ checkpoint }: { readonly checkpoint?: string }) => {
      const { auditVerification } = await clientOf(shell).ask(AuditVerificationDocument, {
        checkpoint: checkpoint ?? null,
      });
      const { entries, head, fault, signed } = auditVerification;
      await write(io.stdout, `${counted(entries, 'entry', 'entries')}, the last one ${head}\n`);
      if (auditVerification.checkpoint !== null)
        await write(io.stdout, `${auditVerification.checkpoint}\n`);
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

export const addAuditExport: AddCommands = shell => {
  const { program, io } = shell;
  group(program, ...NOUN)
    .command('export')
    .description('the whole audit log, the oldest entry first')
    .addOption(
      new Option('--output <format>', 'ndjson: as it was sealed, to be verified elsewhere')
        .choices(EXPORT_FORMATS)
        .default('ndjson'),
    )
    .option('--after <seq>', 'only entries after this one', '0')
    .addHelpText('after', '\nExample:\n  $ weirgate audit export > audit.ndjson')
    .action(async ({ output, after }: { readonly output: string; readonly after: string }) => {
      const { ask } = clientOf(shell);
      const heading = [...SEALED, ...OUTCOME, 'prev', 'hash'];
      if (output === 'csv') await write(io.stdout, csvLines([heading]));
      for (let next: string | null = after; next !== null; ) {
        const { auditExport }: AuditExportQuery = await ask(AuditExportDocument, { after: next });
        const { lines } = auditExport;
        const text =
          output === 'csv' ? csvLines(lines.map(cellsOf)) : lines.map(line => `${line}\n`).join('');
        await writeAsItIs(io.stdout, text);
        next = auditExport.next;
      }
    });
};
