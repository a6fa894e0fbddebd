import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { chart } from '../../chart/helm.ts'

const folder = join(import.meta.dirname, 'helm-validation')
// The first build downloads Helm's source.
const patienceMs = 15 * 60_000

/** Builds the program that validates values files with Helm's own code; says why there is none, or nothing. */
export async function buildHelmValidation(program: string): Promise<string> {
  const { error, stderr } = await run('go', ['build', '-o', program, '.'])
  if (error?.code === 'ENOENT') return 'there is no Go on PATH to build Helm’s own validation with'
  return error ? `Helm’s own validation does not build: ${stderr || error.message}` : ''
}

/** What Helm says against each of the texts as values of the chart; null where it takes them. */
export async function helmRefusals(program: string, texts: readonly string[]): Promise<(string | null)[]> {
  const { error, stdout, stderr } = await run(
    program,
    [chart],
    texts.map((text) => `${JSON.stringify(text)}\n`).join(''),
  )
  if (error) throw new Error(`${error.message} ${stderr}`)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

interface Ended {
  readonly error: NodeJS.ErrnoException | null
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], input = ''): Promise<Ended> {
  const options = {
    ...{ cwd: folder, timeout: patienceMs, maxBuffer: 1 << 28 },
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
  }
  return new Promise((done) => {
    const child = execFile(program, [...args], options, (error, stdout, stderr) =>
      done({ error: error as Ended['error'], stdout, stderr }),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
