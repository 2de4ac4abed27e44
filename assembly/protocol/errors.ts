/**
 * Errors: the text of every error reply, once. The texts are Redis 7.0.15's, because
 * programs compare them.
 */
export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
export const SYNTAX_ERROR = 'ERR syntax error';
export const NO_SUCH_KEY = 'ERR no such key';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
export const OVERFLOW = 'ERR increment or decrement would overflow';
export const DECREMENT_OVERFLOW = 'ERR decrement would overflow';
export const NOT_A_NUMBER = 'ERR increment would produce NaN or Infinity';
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
export const REPLY_TOO_LARGE = 'OOM the reply does not fit into memory';
export const STRING_TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';
export const OFFSET_OUT_OF_RANGE = 'ERR offset is out of range';
export const INVALID_CURSOR = 'ERR invalid cursor';
export const INDEX_OUT_OF_RANGE = 'ERR DB index is out of range';
export const SAME_OBJECT = 'ERR source and destination objects are the same';
export const INVALID_FIRST_INDEX = 'ERR invalid first DB index';
export const INVALID_SECOND_INDEX = 'ERR invalid second DB index';
export const NOT_INT32 = 'ERR value is out of range, value must between -2147483648 and 2147483647';
export const NX_AND_OTHERS = 'ERR NX and XX, GT or LT options at the same time are not compatible';
export const GT_AND_LT = 'ERR GT and LT options at the same time are not compatible';
export const NO_LFU_POLICY =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';
export const LENGTH_AND_INDEXES =
  'ERR If you want both the length and indexes, please just use IDX.';
export const STRING_TOO_LONG_FOR_LCS = 'ERR String too long for LCS';
export const LCS_MEMORY =
  'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len';
export const NOT_STRINGS = 'ERR The specified keys must contain string values';
export const NO_LRU_POLICY =
  'ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';

// Bitmaps
export const BIT_OFFSET = 'ERR bit offset is not an integer or out of range';
export const BIT_NOT_BIT = 'ERR bit is not an integer or out of range';
export const BIT_ARGUMENT = 'ERR The bit argument must be 1 or 0.';
export const BITOP_NOT = 'ERR BITOP NOT must be called with a single source key.';
export const BITFIELD_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
export const BITFIELD_OVERFLOW = 'ERR Invalid OVERFLOW type specified';
export const BITFIELD_READ_ONLY = 'ERR BITFIELD_RO only supports the GET subcommand';

// Sets
export const COUNT_NOT_POSITIVE = 'ERR value is out of range, must be positive';
export const NOT_NEGATABLE =
  'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807';
export const NO_KEYS = 'ERR numkeys should be greater than 0';
export const TOO_MANY_KEYS = "ERR Number of keys can't be greater than number of args";
export const NEGATIVE_LIMIT = "ERR LIMIT can't be negative";
export const NOT_A_WEIGHT = "ERR One or more scores can't be converted into double";
// Hashes
export const HASH_VALUE_NOT_AN_INTEGER = 'ERR hash value is not an integer';
export const HASH_VALUE_NOT_A_FLOAT = 'ERR hash value is not a float';
export const NOT_FINITE = 'ERR value is NaN or Infinity';
export const OUT_OF_RANGE = 'ERR value is out of range';
// DUMP and RESTORE
export const BUSY_KEY = 'BUSYKEY Target key name already exists.';
export const WRONG_PAYLOAD = 'ERR DUMP payload version or checksum are wrong';
export const BAD_DATA_FORMAT = 'ERR Bad data format';
export const INVALID_TTL = 'ERR Invalid TTL value, must be >= 0';
export const INVALID_IDLE_TIME = 'ERR Invalid IDLETIME value, must be >= 0';
export const INVALID_FREQUENCY = 'ERR Invalid FREQ value, must be >= 0 and <= 255';

// Lists
export const LIST_INDEX_OUT_OF_RANGE = 'ERR index out of range';
export const RANK_IS_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
export const COUNT_IS_NEGATIVE = "ERR COUNT can't be negative";
export const MAXLEN_IS_NEGATIVE = "ERR MAXLEN can't be negative";
export const COUNT_BELOW_ONE = 'ERR count should be greater than 0';
// HyperLogLog
export const NOT_HYPERLOGLOG = 'WRONGTYPE Key is not a valid HyperLogLog string value.';
export const REGISTERS_FAILED = 'ERR TESTFAILED Register does not hold the value written to it';
export const ESTIMATES_FAILED = 'ERR TESTFAILED Too big error of an estimate';
export const CORRUPT_HYPERLOGLOG = 'INVALIDOBJ Corrupted HLL object detected';
export const KEY_MISSING = 'ERR The specified key does not exist';
export const NOT_SPARSE = 'ERR HLL encoding is not sparse';
// Sorted sets
export const NX_AND_XX = 'ERR XX and NX options at the same time are not compatible';
export const GT_LT_AND_NX = 'ERR GT, LT, and/or NX options at the same time are not compatible';
export const INCR_ONE_PAIR = 'ERR INCR option supports a single increment-element pair';
export const SCORE_NOT_A_NUMBER = 'ERR resulting score is not a number (NaN)';
export const LIMIT_NOT_FLOAT = 'ERR min or max is not a float';
export const LIMIT_NOT_LEX = 'ERR min or max not valid string range item';
export const LIMIT_OF_RANKS =
  'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX';
export const SCORES_OF_LEX = 'ERR syntax error, WITHSCORES not supported in combination with BYLEX';
export const WEIGHT_NOT_A_FLOAT = 'ERR weight value is not a float';
// Streams
export const INVALID_STREAM_ID = 'ERR Invalid stream ID specified as stream command argument';
export const INVALID_RANGE_START = 'ERR invalid start ID for the interval';
export const INVALID_RANGE_END = 'ERR invalid end ID for the interval';
export const ID_ZERO = 'ERR The ID specified in XADD must be greater than 0-0';
export const ID_TOO_LOW =
  'ERR The ID specified in XADD is equal or smaller than the target stream top item';
export const IDS_EXHAUSTED =
  'ERR The stream has exhausted the last possible ID, unable to add more items';
export const ELEMENTS_TOO_LARGE = 'ERR Elements are too large to be stored';
export const TWO_STRATEGIES =
  'ERR syntax error, MAXLEN and MINID options at the same time are not compatible';
export const MAXLEN_BELOW_ZERO = 'ERR The MAXLEN argument must be >= 0.';
export const LIMIT_BELOW_ZERO = 'ERR The LIMIT argument must be >= 0.';
export const LIMIT_WITHOUT_STRATEGY =
  'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy';
export const LIMIT_WITHOUT_TILDE =
  'ERR syntax error, LIMIT cannot be used without the special ~ option';
export const XTRIM_WITHOUT_STRATEGY =
  'ERR syntax error, XTRIM must be called with a trimming strategy';
export const ENTRIES_ADDED_BELOW_ZERO = 'ERR entries_added must be positive';
export const XSETID_BELOW_GIVEN =
  'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id';
export const XSETID_BELOW_TOP =
  'ERR The ID specified in XSETID is smaller than the target stream top item';
export const ENTRIES_ADDED_TOO_LOW =
  'ERR The entries_added specified in XSETID is smaller than the target stream length';
export const NO_STREAM_FOR_GROUP =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';
export const BUSY_GROUP = 'BUSYGROUP Consumer Group name already exists';
export const ENTRIES_READ_BELOW_ZERO = 'ERR value for ENTRIESREAD must be positive or -1';
export const UNBALANCED_STREAMS =
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";
export const GROUP_WITH_XREAD =
  'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.';
export const NOACK_WITH_XREAD =
  'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.';
export const GROUP_MISSING = 'ERR Missing GROUP option for XREADGROUP';
export const LAST_ID_WITH_GROUP =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';
export const NEW_IDS_WITHOUT_GROUP =
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.';
export const TIMEOUT_NOT_A_FLOAT = 'ERR timeout is not a float or out of range';
export const TIMEOUT_NOT_AN_INTEGER = 'ERR timeout is not an integer or out of range';
export const TIMEOUT_BELOW_ZERO = 'ERR timeout is negative';
export const CLAIM_COUNT_TOO_LOW = 'ERR COUNT must be > 0';
export const CLAIM_COUNT_TOO_HIGH =
  'ERR Insufficient memory, failed allocating transient memory, COUNT too high.';
export const XCLAIM_IDLE = 'ERR Invalid IDLE option argument for XCLAIM';
export const XCLAIM_TIME = 'ERR Invalid TIME option argument for XCLAIM';
export const XCLAIM_RETRYCOUNT = 'ERR Invalid RETRYCOUNT option argument for XCLAIM';
export const XCLAIM_MIN_IDLE = 'ERR Invalid min-idle-time argument for XCLAIM';
export const XAUTOCLAIM_MIN_IDLE = 'ERR Invalid min-idle-time argument for XAUTOCLAIM';

// Geo
export const GEO_UNIT = 'ERR unsupported unit provided. please use M, KM, FT, MI';
export const GEO_RADIUS = 'ERR need numeric radius';
export const GEO_RADIUS_NEGATIVE = 'ERR radius cannot be negative';
export const GEO_WIDTH = 'ERR need numeric width';
export const GEO_HEIGHT = 'ERR need numeric height';
export const GEO_BOX_NEGATIVE = 'ERR height or width cannot be negative';
export const GEO_MEMBER = 'ERR could not decode requested zset member';
export const GEO_COUNT = 'ERR COUNT must be > 0';
export const GEO_ANY = 'ERR the ANY argument requires COUNT argument';
// Fields that end
export const NO_FIELDS = 'ERR Mandatory argument FIELDS is missing or not at the right position';
export const FIELDS_MISMATCH = 'ERR The `numfields` parameter must match the number of arguments';
export const NUM_FIELDS_NOT_POSITIVE = 'ERR Parameter `numFields` should be greater than 0';
export const FIELDS_NOT_POSITIVE = 'ERR Number of fields must be a positive integer';
export const INVALID_FIELD_COUNT = 'ERR invalid number of fields';
export const NEGATIVE_EXPIRE_TIME = 'ERR invalid expire time, must be >= 0';
export const MISSING_EXPIRE_TIME = 'ERR missing expire time';
export const FXX_AND_FNX = 'ERR Only one of FXX or FNX arguments can be specified';
export const TWO_FIELD_TIMES =
  'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified';
