const block = 512

/** The bytes of one file in a tar archive, by its name with or without a leading `./`; undefined where it is not there. */
export function fileInTar(archive: Uint8Array, name: string): Uint8Array | undefined {
  const text = new TextDecoder()
  const field = (at: number, length: number): string =>
    text.decode(archive.subarray(at, at + length)).split('\0', 1)[0] ?? ''
  for (let at = 0; at + block <= archive.length; ) {
    const size = Number.parseInt(field(at + 124, 12).trim(), 8) || 0
    const prefix = field(at + 257, 5) === 'ustar' ? field(at + 345, 155) : ''
    const path = `${prefix === '' ? '' : `${prefix}/`}${field(at, 100)}`
    const isFile = ['', '0'].includes(field(at + 156, 1))
    if (isFile && path.replace(/^\.\//, '') === name) {
      const end = at + block + size
      return end <= archive.length ? archive.subarray(at + block, end) : undefined
    }
    at += block + Math.ceil(size / block) * block
  }
  return undefined
}
