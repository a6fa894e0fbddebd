import type { Problems } from './problems.ts'

/** The comment lines that touch a key from above. */
export interface CommentBlock {
  /** Line of the first one, from 1. */
  readonly line: number
  /** Column of the `#`, from 0. */
  readonly column: number
  /** What stands behind the `#` of each. */
  readonly lines: readonly string[]
}

/** A comment block taken apart. */
export interface Comment {
  /** Markdown in one line. */
  readonly description: string
  readonly remarks: readonly Remark[]
}

/** A line `# @word argument`. */
export interface Remark {
  readonly line: number
  readonly word: string
  readonly argument: string
  /** The indented lines below it, as YAML on the lines and columns of the file; "" when there are none. */
  readonly below: string
}

/** Takes the comment above `key` apart; lines without a meaning go to `problems`, and so does a missing description. */
export function takeApart(block: CommentBlock, key: string, problems: Problems): Comment {
  const description: string[] = []
  const remarks: Remark[] = []
  let open: 'nothing' | 'description' | 'remark' = 'nothing'

  for (const [index, text] of block.lines.entries()) {
    const line = block.line + index
    const last = remarks.at(-1)
    const [, word, argument = ''] = /^ @(\S+)\s*(.*?)\s*$/.exec(text) ?? []
    if (word !== undefined) {
      // As many empty lines as stand above it in the file make its YAML know its lines.
      remarks.push({ line, word, argument, below: '\n'.repeat(line) })
      open = 'remark'
    } else if (text.startsWith(' -- ') && description.length === 0) {
      description.push(text.slice(4))
      open = 'description'
    } else if (open === 'description') {
      description.push(text)
    } else if (open === 'remark' && last !== undefined && /^( {2}|\s*$)/.test(text)) {
      remarks[remarks.length - 1] = { ...last, below: `${last.below}${' '.repeat(block.column + 1)}${text}\n` }
    } else {
      problems.add(line, `${key}: ${whyMeaningless(text)}`)
    }
  }

  const words = description.map((text) => text.trim()).filter((text) => text !== '')
  if (words.length === 0) {
    const keyLine = block.line + block.lines.length
    problems.add(keyLine, `${key} has no description: write # -- and what it is above it`)
  }
  return {
    description: words.join(' '),
    remarks: remarks.map((remark) => ({ ...remark, below: remark.below.trim() === '' ? '' : remark.below })),
  }
}

function whyMeaningless(text: string): string {
  if (text.startsWith('# ')) return `the title "#${text}" touches its comment: leave a blank line between them`
  if (text.startsWith(' -- ')) return 'it is described twice: leave out one # --'
  return `"#${text}" belongs to nothing: move it behind # -- or above a blank line`
}
