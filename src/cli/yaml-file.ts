import { parse } from 'yaml';
import { Failure } from './shell.js';

/** The value of a file in YAML or JSON. @throws Failure for what is neither */
export function yamlIn(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Failure(`\`${file}\` is no YAML: ${reason.replace(/:$/, '')}`, 'correct it there');
  }
}
