const MOST_NAMES = 10;

/** Names for a message: the first ten in backticks. */
export const named = (names: readonly string[]): string =>
  `${names
    .slice(0, MOST_NAMES)
    .map(name => `\`${name}\``)
    .join(', ')}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''}`;
