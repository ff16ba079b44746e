import {
  type AuditFilter,
  AuditLogDocument,
  AuditVerificationDocument,
} from '../../generated/cli.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { shortTime } from '../print/time.js';
import { type AddCommands, Exit, write } from '../shell.js';
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
    .addHelpText(
      'after',
      '\nKeep the hash that it prints: another day it shows whether the end of the log was cut off.\n\nExample:\n  $ weirgate audit verify',
    )
    .action(async () => {
      const { auditVerification } = await clientOf(shell).ask(AuditVerificationDocument, {});
      const { entries, head, fault } = auditVerification;
      await write(io.stdout, `${entries} entries, the last one ${head}\n`);
      if (fault === null) return;
      await write(io.stderr, `error: ${fault}\n`);
      finish(Exit.FINDINGS);
    });
};
