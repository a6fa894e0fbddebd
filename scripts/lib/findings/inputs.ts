import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { nameOf, readText } from '../../report/read-text.ts'
import { badInput, EvenlyError } from '../exit.ts'
import { filesOf } from './input-files.ts'
import { kindOf, type TextKind } from './text-kind.ts'

/** A text to check, and what to call it. */
export interface InputText {
  /** As the user would name it; `-` for standard input. */
  readonly file: string
  readonly text: string
  readonly kind: TextKind
}

export interface Inputs {
  readonly texts: readonly InputText[]
  /** A sentence for each input that cannot be read. */
  readonly unreadable: readonly string[]
}

/**
 * The texts of files, of folders and of standard input (`-`), each file once, those of a folder by name. One that cannot be read
 * leaves the others to be checked.
 *
 * @throws EvenlyError (exit 64) for what manifests are yet to be made of, such as a Helm chart
 */
export async function readInputs(inputs: readonly string[]): Promise<Inputs> {
  const texts = new Map<string, InputText | EvenlyError>()
  const problems: EvenlyError[] = []
  for (const input of inputs) {
    const found = await filesOf(input)
    let isIdle = found.isFolder && found.problems.length === 0
    for (const file of found.files) {
      const path = file === '-' ? file : resolve(file)
      const text = texts.get(path) ?? (await readInput(file).catch(orProblem))
      if (found.isFolder && isNobodys(text)) continue
      texts.set(path, text)
      isIdle = false
    }
    problems.push(...found.problems)
    if (isIdle) problems.push(badInput(`${input} holds neither values nor manifests: name a folder that does`))
  }
  const isText = (text: InputText | EvenlyError): text is InputText => !(text instanceof EvenlyError)
  const unread = [...texts.values()].filter((text): text is EvenlyError => !isText(text))
  return {
    texts: [...texts.values()].filter(isText),
    unreadable: [...unread, ...problems].map(({ message }) => message),
  }
}

/** A folder's JSON is many things (a package, a lock, settings); values it hardly ever is. */
const isNobodys = (text: InputText | EvenlyError): boolean =>
  !(text instanceof EvenlyError) && text.kind === 'values' && text.file.endsWith('.json')

function orProblem(error: unknown): EvenlyError {
  if (error instanceof EvenlyError) return error
  throw error
}

/** A file, that is, and no pipe, which is empty only when what should fill it has failed. */
const isOrdinary = (file: string): boolean =>
  file !== '-' && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)

async function readInput(file: string): Promise<InputText> {
  const text = await readText(file, { mebibytes: 100, what: 'manifests' })
  if (text.includes('\0')) throw badInput(`${nameOf(file)} holds NUL bytes, so it is no YAML: save it as UTF-8 text`)
  if (text.trim() === '' && !isOrdinary(file)) {
    throw badInput(`${nameOf(file)} is empty, so there is nothing to check: see what the command that writes it says`)
  }
  return { file, text, kind: kindOf(text) }
}
