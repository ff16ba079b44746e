import { resolve } from 'node:path';

/** What a text of a setting says, or why it cannot be used. */
export type Reading<T> =
  | { readonly value: T }
  | { readonly message: string; readonly hint: string };

const refused = (text: string, expected: string, hint: string): Reading<never> => ({
  message: `\`${text}\` is not ${expected}`,
  hint,
});

export const whole =
  (least: number, most: number) =>
  (text: string): Reading<number> => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return { value };
    return refused(text, `a whole number from ${least} to ${most}`, 'write digits only');
  };

export const oneOf =
  <T extends string>(values: Readonly<Record<string, T>>) =>
  (text: string): Reading<T> => {
    const value = Object.values(values).find(known => known === text.toLowerCase());
    if (value !== undefined) return { value };
    return refused(text, 'known here', `say one of ${Object.values(values).join(', ')}`);
  };

/** An address that may hold a password is never repeated in a message. */
export const url =
  (protocols: readonly string[], example: string, secret: boolean) =>
  (text: string): Reading<string> => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    if (parsed !== null && protocols.includes(parsed.protocol) && parsed.hostname !== '')
      return { value: text };
    const hint = `write it as ${example}`;
    return secret
      ? { message: `the value is not a ${protocols.join('// or ')}// address`, hint }
      : refused(text, `a ${protocols.join('// or ')}// address`, hint);
  };

export const host = (text: string): Reading<string> =>
  /^[A-Za-z0-9.:_%-]+$/.test(text)
    ? { value: text }
    : refused(text, 'a host name or address', 'say 127.0.0.1 for this machine, 0.0.0.0 for all');

export const path = (text: string): Reading<string> =>
  text.includes('\0') ? refused('…', 'a folder', 'name a folder') : { value: resolve(text) };

export const list =
  (pattern: RegExp, expected: string, hint: string) =>
  (text: string): Reading<readonly string[]> => {
    const names = text
      .toLowerCase()
      .split(',')
      .map(name => name.trim());
    const wrong = names.find(name => !pattern.test(name));
    return wrong === undefined ? { value: names } : refused(wrong, expected, hint);
  };

export const anyText = (text: string): Reading<string> => ({ value: text });

/** Never repeated in a message. */
export const secretKey = (text: string): Reading<string> =>
  text.length >= 16
    ? { value: text }
    : {
        message: 'the value is shorter than 16 characters',
        hint: 'make one by `openssl rand -base64 32`',
      };
