#!/usr/bin/env node
/** The program redstart-check. */
import { check } from './check.js';

const say = (line: string) => void process.stdout.write(`${line}\n`);
process.exitCode = await check(process.argv.slice(2), { say });
