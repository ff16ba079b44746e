import { ImportKnownBadDocument } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { readTextAt } from '../offline/sources.js';
import { LISTING_FORMATS } from '../print/listing.js';
import { type AddCommands, write } from '../shell.js';
import type { OutputOptions } from '../show.js';
import { RULE_NOUN, ruleNamed, toldRule } from './alert-rule.js';

type Options = OutputOptions & {
  readonly rule?: string;
  readonly stix?: boolean;
  readonly merge?: boolean;
};

export const addAlertRuleAddresses: AddCommands = shell => {
  const command = group(shell.program, ...RULE_NOUN)
    .command('addresses')
    .argument('<file>', 'an address or block in each line, `-` for standard input')
    .description('bring the known bad addresses of a rule up to date')
    .option('--stix', 'the file is STIX 2.1: a bundle, a page of TAXII, or an array of objects')
    .option('--merge', 'add to what the rule knows; else it knows this list and nothing else')
    .option('--rule <rule>', 'name or id; the one that comes with the program when not given')
    .addHelpText('after', '\nExample:\n  $ weirgate alert-rule addresses --stix indicators.json');
  addOutput(command, LISTING_FORMATS, 'table').action(
    async (file: string, { rule: named, stix, merge, ...options }: Options) => {
      const client = clientOf(shell);
      const text = await readTextAt(file, shell.io.stdin);
      const rule = named === undefined ? null : (await ruleNamed(client, named)).id;
      const input = {
        rule,
        text,
        format: stix === true ? ('STIX' as const) : ('PLAIN' as const),
        mode: merge === true ? ('MERGE' as const) : ('REPLACE' as const),
      };
      const { importKnownBad } = await client.ask(ImportKnownBadDocument, { input });
      const { added, removed } = importKnownBad;
      if (importKnownBad.rule !== null)
        await write(
          shell.io.stderr,
          `${counted(added, 'address is', 'addresses are')} new, ${removed} gone\n`,
        );
      await toldRule(shell, importKnownBad, options);
    },
  );
};
