/** The first byte of each kind of RESP value. Fixed by the protocol. */
export enum ReplyType {
  SimpleString = 0x2b, // +
  SimpleError = 0x2d, // -
  Integer = 0x3a, // :
  BulkString = 0x24, // $
  Array = 0x2a, // *
  Null = 0x5f, // _
  Boolean = 0x23, // #
  Double = 0x2c, // ,
  BigNumber = 0x28, // (
  BulkError = 0x21, // !
  VerbatimString = 0x3d, // =
  Map = 0x25, // %
  Set = 0x7e, // ~
  Push = 0x3e, // >
  Attribute = 0x7c, // |
}
