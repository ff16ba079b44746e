/** A relative or absolute file name as a URI reference. */
export const uriOf = (file: string): string =>
  file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
