/** A script or library that cannot be executed or taken; the message is the error reply. */
export class ScriptError extends Error {}
