type Environment = Readonly<Record<string, string | undefined>>;

/** What a stream can show. */
export type Terminal = {
  /** Width in columns of text; null: no terminal, nothing is cut. */
  readonly columns: number | null;
  readonly colors: boolean;
};

/** For files and pipes: nothing is cut, nothing coloured. */
export const PLAIN: Terminal = { columns: null, colors: false };

const widthOf = (text: string | undefined): number | null =>
  /^[1-9]\d{0,4}$/.test(text ?? '') ? Number(text) : null;

/**
 * COLUMNS is "a decimal integer > 0 used to indicate the user's preferred width in column positions for the terminal screen"
 * (POSIX, "Environment Variables"). A terminal that does not know its own width says 0.
 *
 * "NO_COLOR … when present and not an empty string (regardless of its value), prevents the addition of ANSI color" (no-color.org).
 */
export const terminalOf = (stream: NodeJS.WritableStream, env: Environment): Terminal => {
  const { isTTY, columns } = stream as Partial<NodeJS.WriteStream>;
  if (isTTY !== true) return PLAIN;
  const colors = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return { columns: widthOf(env['COLUMNS']) ?? (columns || 80), colors };
};

/** SGR parameters (ECMA-48). */
const CODES = { red: 31, green: 32, yellow: 33, gray: 90, bold: 1 } as const;
export type Color = keyof typeof CODES;

export const painted = (text: string, color: Color | null, { colors }: Terminal): string =>
  color === null || !colors || text === '' ? text : `\u001b[${CODES[color]}m${text}\u001b[0m`;
