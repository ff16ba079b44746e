import { InvalidArgumentError, Option } from 'commander';

/**
 * `--fail-on newly-blocked,error`: what makes the exit code 1, instead of the standard; `none` stands for nothing.
 * @param kinds what can be named, by name
 */
export const failOnOption = <Kind extends string>(
  kinds: Readonly<Record<Kind, unknown>>,
  standard: readonly Kind[],
): Option => {
  const known = Object.keys(kinds) as Kind[];
  const isKnown = (name: string): name is Kind => known.some(kind => kind === name);
  const namesOf = (text: string): readonly Kind[] => {
    if (text === 'none') return [];
    const names = text.split(',').map(name => name.trim());
    const wrong = names.find(name => !isKnown(name));
    if (wrong !== undefined)
      throw new InvalidArgumentError(`\`${wrong}\` is none of ${known.join(', ')}, none.`);
    return names.filter(isKnown);
  };
  return new Option(
    '--fail-on <what>',
    `what makes the exit code 1, with commas: ${known.join(', ')}; or none`,
  )
    .argParser(namesOf)
    .default(standard, standard.length === 0 ? 'none' : standard.join(','));
};
