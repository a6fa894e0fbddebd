/** A command of a document, and what the document shows that it prints. */
export interface Step {
  /** Line of the document, from 1. */
  readonly line: number
  readonly command: string
  /** The lines below it; none where what it prints is left out. */
  readonly shown: readonly string[]
}

/** A block of commands that are typed one after another into one shell. */
export interface ConsoleBlock {
  readonly line: number
  readonly steps: readonly Step[]
}

/** A fenced block of any kind. */
export interface Fence {
  readonly line: number
  readonly kind: string
  /** The nearest heading above it. */
  readonly heading: string
  readonly lines: readonly string[]
}

export function fencesIn(markdown: string): Fence[] {
  const fences: { line: number; kind: string; heading: string; lines: string[] }[] = []
  let heading = ''
  let open = false
  for (const [index, line] of markdown.split('\n').entries()) {
    if (line.startsWith('```')) {
      open = !open
      if (open) fences.push({ line: index + 1, kind: line.slice(3), heading, lines: [] })
    } else if (open) fences.at(-1)?.lines.push(line)
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '')
  }
  return fences
}

/** The blocks of kind `console`: a line that begins with `$ ` is typed, one that ends with a backslash goes on in the next. */
export const consoleBlocksIn = (markdown: string): ConsoleBlock[] =>
  fencesIn(markdown)
    .filter(({ kind }) => kind === 'console')
    .map(({ line, lines }) => ({ line, steps: stepsIn(lines, line + 1) }))

function stepsIn(lines: readonly string[], firstLine: number): Step[] {
  const steps: { line: number; command: string; shown: string[] }[] = []
  let goesOn = false
  for (const [index, text] of lines.entries()) {
    const last = steps.at(-1)
    if (goesOn && last) last.command += `\n${text}`
    else if (text.startsWith('$ ')) steps.push({ line: firstLine + index, command: text.slice(2), shown: [] })
    else if (last) last.shown.push(text)
    else throw new Error(`line ${firstLine + index}: a console block begins with a command: $ ${text}`)
    goesOn = text.endsWith('\\') && (goesOn || text.startsWith('$ '))
  }
  return steps
}

/** What a command prints, without what differs from run to run. */
export interface Stable {
  readonly lines: readonly string[]
  /** Apart and in order of size, because pods are listed by names that differ. */
  readonly shares: readonly string[]
}

/**
 * What two runs of a command have in common. It keeps words, verdicts, ticks, whole numbers, 0.0 % and 100.0 %. It lays aside:
 *
 * - pod names, whole or shortened: `POD`; a pod's age: `AGE`
 * - a pod with its calls, connections or share: off the line and among the shares, as `0`, `0.0 %`, `100.0 %` or `N`
 * - times, and other numbers with a point: `N`
 * - failed calls: `N of 600`; a 0 stays
 * - counts of `uniq -c`, which tell how many pods there are by how many lines there are
 * - with `openEnded`, as when servers are scaled or weights changed, how many calls there were: `of N`
 * - what a client says after its verdict; when a pod had its fair share, and whether one that left was called meanwhile
 */
export function stableIn(output: readonly string[], { openEnded = false } = {}): Stable {
  const shares: string[] = []
  const lines = output.map((line) =>
    line
      .replace(shortPod, 'POD')
      .replace(wholePod, 'POD')
      .replace(podAndShare, (_, calls: string | undefined, share = calls === '0' ? '0' : 'N') => {
        shares.push(['0', '0.0 %', '100.0 %'].includes(share) ? share : 'N')
        return ''
      })
      .replace(/^(verdict: \S+):.*/, '$1')
      .replace(/ left: .*/, ' left')
      .replace(/, fair share .*/, '')
      .replace(/^ +\d+ (?=served by )/, 'N ')
      .replace(/(?: \d+[smhd])(?:\d+[sm])?$/, ' AGE')
      .replace(openEnded ? /, \w+ \d+ · \w+ \d+ of \d+ calls/ : /^(?!)/, ', N · N of N calls')
      .replace(/\b[1-9]\d* of (?=\d+\b(?! as expected| pods))/g, 'N of ')
      .replace(openEnded ? /\bof \d+\b(?! as expected| pods)/g : /^(?!)/, 'of N')
      .replace(/\b([A-Z_]{5,}) \d+/g, '$1 N')
      .replace(/\b(?:\d+ min )?\d+(?:\.\d+)? (m?s)\b/g, 'N $1')
      .replace(/\b\d+\.\d+\b/g, 'N')
      .replace(/[ ·]+/g, ' ')
      .trim(),
  )
  return { lines: lines.filter((line) => line !== ''), shares: shares.sort() }
}

/** Kubernetes makes names with these letters and digits alone. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]'
const wholePod = new RegExp(`\\b[a-z][a-z0-9-]*?(?:-${safe}{8,10})?-${safe}{5}\\b`, 'g')
const shortPod = /(?:\b[a-z][a-z0-9-]*)?…[a-z0-9-]+/g
const bar = '(?: [█▉▊▋▌▍▎▏]+)?'
const podAndShare = new RegExp(`POD${bar}(?: +(\\d+))?(?: +(\\d+\\.\\d %))?${bar}(?= |$)(?<=[\\d%█▉▊▋▌▍▎▏])`, 'g')
