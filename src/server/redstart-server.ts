#!/usr/bin/env node
/** The program `redstart-server`: stands in for redis-server. */

import { answer } from './answers.js';
import { parseArguments } from './arguments.js';
import { start } from './startup.js';

const commandLine = parseArguments(process.argv.slice(2));
const code = commandLine.kind === 'run' ? await start(commandLine) : answer(commandLine.kind);
if (code !== null) process.exitCode = code;
