/** The words between a page of a power cut and its driver. Types only. */
import type { Plan } from './workload.js';
import type { Sight } from './writer.js';

export type ToDriver =
  /** First: what the store held when it was opened, and its report. */
  | { readonly cells: [string, string][]; readonly report: unknown }
  /** Then, after the plan has come, again and again. */
  | { readonly sights: readonly Sight[] }
  | { readonly failure: string };

/** Write. */
export interface ToPage {
  readonly plan: Plan;
}
