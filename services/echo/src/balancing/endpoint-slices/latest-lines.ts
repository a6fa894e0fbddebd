/**
 * Lines of a watch that have not been read yet, in their order. Of several that tell of one object only the last is kept, as far as
 * that can be seen without reading them whole: an object that changes often is not parsed more often than anybody looks. They stay bytes
 * meanwhile, outside of V8's heap: texts of half a second would survive in it and make it grow.
 */
export class LatestLines {
  /** What the lines take together. */
  bytes = 0
  private readonly lines = new Map<string | symbol, Buffer>()

  get empty(): boolean {
    return this.lines.size === 0
  }

  /** Copies the line, over one of the same object where it fits: a change that is never read leaves no garbage. */
  add(line: Buffer): void {
    const key = objectOf(line)
    const before = this.lines.get(key)
    this.bytes += line.length - (before?.length ?? 0)
    const own =
      before && before.length >= line.length ? before.subarray(0, line.length) : Buffer.allocUnsafeSlow(line.length)
    line.copy(own)
    // Its place is the last one's.
    this.lines.delete(key)
    this.lines.set(key, own)
  }

  /** All of them; none are left. */
  take(): Buffer[] {
    const lines = [...this.lines.values()]
    this.lines.clear()
    this.bytes = 0
    return lines
  }
}

/** How API servers begin a line. One that begins otherwise is none the worse: it is kept beside the others. */
const beginning =
  /^\{"type":"(?:ADDED|MODIFIED|DELETED)","object":\{"kind":"\w+","apiVersion":"[\w./]+","metadata":\{"name":"([^"\\]+)",(?:"generateName":"[^"\\]*",)?"namespace":"([^"\\]+)",/

/** Enough for two names and what is between them. */
const beginningBytes = 700

function objectOf(line: Buffer): string | symbol {
  const [, name, namespace] = beginning.exec(line.toString('latin1', 0, beginningBytes)) ?? []
  return name === undefined ? Symbol() : `${namespace}/${name}`
}
