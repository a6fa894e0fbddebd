import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../chart/helm.ts'
import type { ConsoleBlock, Step } from '../../docs/console-blocks.ts'

/** What became of a command. */
export interface Ran {
  readonly step: Step
  readonly exitCode: number
  /** The lines of its standard output. */
  readonly output: readonly string[]
}

export interface Session {
  /** The commands that were typed: up to the first that failed. */
  readonly ran: readonly Ran[]
  /** What all of them said on standard error. */
  readonly errors: string
}

export interface SessionOptions {
  /** Commands that have not ended by then are ended, with all that they started. */
  readonly timeoutSeconds: number
  /** Arguments for every `helm upgrade` more than the document has. */
  readonly helmArgs?: readonly string[]
}

/** Stands in the output where a command has ended, before its exit code. */
const end = '\u001e'

/** Types a block into one shell at the top of the project, where `npx` and `node` are the project's own. */
export function runBlock({ steps }: ConsoleBlock, { timeoutSeconds, helmArgs = [] }: SessionOptions): Promise<Session> {
  const env = { ...process.env, PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env.PATH}` }
  const shell = spawn('bash', ['-o', 'pipefail', '-c', script(steps, helmArgs)], {
    cwd: projectRoot,
    env,
    // A group of its own, so that whatever it has started can be ended with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let errors = ''
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  shell.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      errors += `not ended within ${timeoutSeconds} s`
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGTERM')
    }, timeoutSeconds * 1000)
    shell.once('error', reject)
    shell.once('close', () => {
      clearTimeout(limit)
      resolve({ ran: ranOf(steps, stdout), errors })
    })
  })
}

function script(steps: readonly Step[], helmArgs: readonly string[]): string {
  const more = helmArgs.map((arg) => `'${arg}'`).join(' ')
  const helm = `helm() { if [ "$1" = upgrade ]; then command helm "$@" ${more}; else command helm "$@"; fi; }`
  const told = `code=$?; printf '${end}%s\\n' $code; [ $code = 0 ] || exit $code`
  return [...(more === '' ? [] : [helm]), ...steps.flatMap(({ command }) => [command, told])].join('\n')
}

/** The output is that of the first command, its end, that of the second, and so on; the last may have been cut off. */
function ranOf(steps: readonly Step[], stdout: string): Ran[] {
  const [first = '', ...others] = stdout.split(end)
  const codes = others.map((text) => Number(text.split('\n')[0]))
  const outputs = [first, ...others.map((text) => text.slice(text.indexOf('\n') + 1))]
  const failed = codes.findIndex((code) => code !== 0)
  const typed = failed === -1 ? steps : steps.slice(0, failed + 1)
  return typed.slice(0, outputs.length).map((step, index) => ({
    step,
    exitCode: codes[index] ?? killed,
    output: (outputs[index] ?? '').trimEnd().split('\n'),
  }))
}

/** Exit code of a command that was ended by SIGTERM. */
const killed = 143
