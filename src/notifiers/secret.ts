import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export type Secrets = {
  readonly seal: (text: string) => string;
  /** @throws Error where it was sealed with another key */
  readonly open: (sealed: string) => string;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Secrets as they are stored: AES-256-GCM under a key of the environment, never told again. */
export function secretsOf(keyText: string): Secrets {
  const key = createHash('sha256').update(keyText).digest();
  return {
    seal: text => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1:${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')}`;
    },
    open: text => {
      const bytes = Buffer.from(text.replace(/^v1:/, ''), 'base64');
      const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      opening.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text8 = [opening.update(bytes.subarray(IV_BYTES + TAG_BYTES)), opening.final()];
      return Buffer.concat(text8).toString('utf8');
    },
  };
}
