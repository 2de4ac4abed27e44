/** SLOWLOG and LATENCY: what took long. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';

const given = commandSuite();

given('SLOWLOG GET tells id, time, duration, arguments, client')`
  CONFIG SET slowlog-log-slower-than 0  -> +OK
  SLOWLOG RESET                         -> +OK
  CLIENT SETNAME bob                    -> +OK
  SET k <x*130>                         -> +OK
  RPUSH l 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 -> :31
  CONFIG SET slowlog-log-slower-than -1 -> +OK
  SLOWLOG GET 2
    -> [[:* :* :* ["RPUSH" "l" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15"
      "16" "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29"
      "... (2 more arguments)"] * "bob"]
      [:* :* :* ["SET" "k"
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... (2 more bytes)"] * "bob"]]
  SLOWLOG LEN                           -> :4
  SLOWLOG GET 0                         -> []
  CONFIG SET slowlog-log-slower-than 10000 -> +OK
`;

given('SLOWLOG shows no secrets, and EXEC by what it runs')`
  CONFIG SET slowlog-log-slower-than 0 -> +OK
  SLOWLOG RESET                        -> +OK
  AUTH nobody secret -> -WRONGPASS invalid username-password pair or user is disabled.
  MULTI                                -> +OK
  INCR n                               -> +QUEUED
  EXEC                                 -> [:1]
  CONFIG SET slowlog-log-slower-than -1 -> +OK
  SLOWLOG GET
    -> [[:* :* :* ["INCR" "n"] * ""] [:* :* :* ["MULTI"] * ""]
      [:* :* :* ["AUTH" "(redacted)" "(redacted)"] * ""] [:* :* :* ["SLOWLOG" "RESET"] * ""]]
  CONFIG SET slowlog-log-slower-than 10000 -> +OK
`;

given('SLOWLOG keeps slowlog-max-len commands')`
  CONFIG SET slowlog-log-slower-than 0 slowlog-max-len 2 -> +OK
  PING                                 -> +PONG
  PING                                 -> +PONG
  PING                                 -> +PONG
  SLOWLOG LEN                          -> :2
  CONFIG SET slowlog-log-slower-than 10000 slowlog-max-len 128 -> +OK
  SLOWLOG RESET                        -> +OK
  SLOWLOG LEN                          -> :0
  SLOWLOG GET                          -> []
`;

given('SLOWLOG says what is wrong')`
  SLOWLOG GET -2  -> -ERR count should be greater than or equal to -1
  SLOWLOG GET x   -> -ERR count should be greater than or equal to -1
  SLOWLOG GET 1 2 -> -ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.
  SLOWLOG LEN 1   -> -ERR wrong number of arguments for 'slowlog|len' command
  SLOWLOG FOO     -> -ERR unknown subcommand 'FOO'. Try SLOWLOG HELP.
`;

given('SLOWLOG HELP and LATENCY HELP explain')`
  SLOWLOG HELP
    -> [+"SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"GET [<count>]"
    +"    Return top <count> entries from the slowlog (default: 10, -1 mean all)."
    +"    Entries are made of:"
    +"    id, timestamp, time in microseconds, arguments array, client IP and port,"
    +"    client name" +LEN +"    Return the length of the slowlog." +RESET
    +"    Reset the slowlog." +HELP +"    Prints this help."]
  LATENCY HELP
    -> [+"LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +DOCTOR
    +"    Return a human readable latency analysis report." +"GRAPH <event>"
    +"    Return an ASCII latency graph for the <event> class." +"HISTORY <event>"
    +"    Return time-latency samples for the <event> class." +LATEST
    +"    Return the latest latency samples for all events." +"RESET [<event> ...]"
    +"    Reset latency data of one or more <event> classes."
    +"    (default: reset all data for all event classes)" +"HISTOGRAM [COMMAND ...]"
    +"    Return a cumulative distribution of latencies in the format of a histogram for the specified command names."
    +"    If no commands are specified then all histograms are replied." +HELP
    +"    Prints this help."]
`;

given('LATENCY has nothing to tell before anything took long')`
  CONFIG SET latency-monitor-threshold 0 -> +OK
  LATENCY RESET            -> :*
  LATENCY LATEST           -> []
  LATENCY HISTORY command  -> []
  LATENCY GRAPH command    -> -ERR No samples available for event 'command'
  LATENCY DOCTOR           -> /.*atency.*/
  LATENCY RESET            -> :0
  LATENCY RESET a b        -> :0
`;

given('LATENCY notes what took longer than its threshold')`
  CONFIG SET latency-monitor-threshold 200 -> +OK
  LATENCY RESET             -> :*
  DEBUG SLEEP 0.25          -> +OK
  LATENCY LATEST            -> [["command" :* :200..9000 :200..9000]]
  LATENCY HISTORY command   -> [[:* :200..9000]]
  LATENCY GRAPH command     -> /command - high \d+ ms, low \d+ ms .all time high \d+ ms.\n-{80}\n.*/
  LATENCY DOCTOR            -> /.*1. command: 1 latency spikes.*/
  LATENCY RESET command     -> :1
  LATENCY LATEST            -> []
  CONFIG SET latency-monitor-threshold 0 -> +OK
`;

given('LATENCY HISTOGRAM counts calls by what they took')`
  CONFIG RESETSTAT                      -> +OK
  SET k v                               -> +OK
  SET k v                               -> +OK
  OBJECT ENCODING k                     -> "embstr"
  LATENCY HISTOGRAM nosuch              -> {}
  LATENCY HISTOGRAM OBJECT
    -> {"object|encoding" => {"calls" => :1 "histogram_usec" => {:* => :1}}}
  LATENCY HISTOGRAM get                 -> {}
`;

const withStore = storeSuite();

withStore('INFO commandstats and latencystats tell durations of each command', async (store) => {
  const connection = await store.connect();
  await connection.send('CONFIG', 'RESETSTAT');
  await connection.pipeline(Array.from({ length: 500 }, () => ['SET', 'k', 'v']));
  await connection.send('LRANGE', 'missing', '0', '-1');
  const stats = (await connection.send('INFO', 'commandstats')).tree.text ?? '';
  expect(stats).toMatch(/^cmdstat_set:calls=500,usec=\d+,usec_per_call=\d+\.\d\d,rejected/m);
  expect(stats).toMatch(/^cmdstat_lrange:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected/m);
  const latency = (await connection.send('INFO', 'latencystats')).tree.text ?? '';
  const percentiles = /^latency_percentiles_usec_set:p50=[\d.]+,p99=[\d.]+,p99\.9=[\d.]+\r$/m;
  expect(latency).toMatch(percentiles);
  const histogram = await connection.send('LATENCY', 'HISTOGRAM', 'set');
  expect(histogram.tree.items?.[1]?.items?.[1]?.text).toBe('500');
  connection.close();
});
