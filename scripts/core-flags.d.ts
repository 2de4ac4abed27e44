/** What may be defined when the core is compiled (`asc --use`). */

/** A core for tests, whose steps can be made to trap. */
declare const TRAPPING: i32;
