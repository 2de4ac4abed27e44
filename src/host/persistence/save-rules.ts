/** The rules of `save`: a snapshot is due so many seconds after the last one, given so many changes. */

export interface SaveRule {
  readonly seconds: number;
  readonly changes: number;
}

/** Reads the parameter as CONFIG GET shows it: `3600 1 300 100`; nothing: no rules. */
export function saveRules(text: string): SaveRule[] {
  const numbers = text.split(' ').filter(Boolean).map(Number);
  const rules: SaveRule[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    rules.push({ seconds: numbers[at] as number, changes: numbers[at + 1] as number });
  }
  return rules;
}

/** The rule that is due first, and in how many milliseconds: below 0 it is due; null: none will be. */
export function nextRule(
  rules: readonly SaveRule[],
  changes: number,
  sinceLastSaveMs: number,
): { readonly rule: SaveRule; readonly inMs: number } | null {
  let next: { rule: SaveRule; inMs: number } | null = null;
  for (const rule of rules) {
    const inMs = rule.seconds * 1000 - sinceLastSaveMs;
    if (changes > 0 && changes >= rule.changes && (next === null || inMs < next.inMs)) {
      next = { rule, inMs };
    }
  }
  return next;
}
