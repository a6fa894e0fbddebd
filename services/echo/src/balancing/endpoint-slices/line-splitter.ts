/** Cuts a stream of bytes into lines, with a limit to what it keeps of one that does not end. */
export class LineSplitter {
  private readonly limitBytes: number
  // One buffer that grows, not a list of chunks: a million chunks of one byte must cost a million bytes.
  private kept = Buffer.alloc(0)
  private keptBytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  /**
   * Gives the lines that end within this chunk, without their ends, one after another: each only for as long as `take` runs.
   * @throws Error of one sentence when a line is longer than the limit
   */
  push(chunk: Buffer, take: (line: Buffer) => void): void {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      take(this.line(chunk.subarray(start, end)))
      start = end + 1
    }
    this.keep(chunk.subarray(start))
  }

  private line(rest: Buffer): Buffer {
    this.refuseAbove(this.keptBytes + rest.length)
    if (this.keptBytes === 0) return rest
    this.keep(rest)
    const line = this.kept.subarray(0, this.keptBytes)
    this.keptBytes = 0
    // A long line is rare: what it took is given back.
    if (this.kept.length > ordinaryBytes) this.kept = Buffer.alloc(0)
    return line
  }

  private keep(rest: Buffer): void {
    const bytes = this.keptBytes + rest.length
    this.refuseAbove(bytes)
    if (bytes > this.kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.kept.length))
      this.kept.copy(grown, 0, 0, this.keptBytes)
      this.kept = grown
    }
    rest.copy(this.kept, this.keptBytes)
    this.keptBytes = bytes
  }

  private refuseAbove(bytes: number): void {
    if (bytes > this.limitBytes) throw new Error(`a line is longer than ${this.limitBytes} bytes`)
  }
}

const newline = 0x0a
const ordinaryBytes = 1 << 20
