/** The bytes of a line of RESP that are no type. An enum: bundlers put the numbers in place. */
export enum AsciiByte {
  LineFeed = 0x0a,
  CarriageReturn = 0x0d,
  Plus = 0x2b,
  Minus = 0x2d,
  Zero = 0x30,
}
