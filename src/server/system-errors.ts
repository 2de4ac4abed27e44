/** What the C library says of errors, where other programs look for its words. */

const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
};

export function systemErrorText(error: unknown): string {
  const code = systemErrorCode(error);
  if (code !== null && Object.hasOwn(TEXTS, code)) return TEXTS[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

export function systemErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
