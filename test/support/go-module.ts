import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { unavailable } from '../../scripts/lib/exit.ts'
import type { GoModule } from './schema-sources.ts'

/** The folder that holds a Go module in Go's own cache, where Go puts it once; content other than pinned is refused. */
export async function goModule({ path, version, sum }: GoModule): Promise<string> {
  const answer = await goModDownload(`${path}@${version}`)
  if (answer.Sum === sum && answer.Dir !== undefined) return answer.Dir
  if (answer.Sum === undefined) throw cannotBeHad(`Go cannot get ${path} ${version} (${answer.Error})`)
  throw new Error(`${path} ${version} is not the content that is pinned: its hash is ${answer.Sum}, not ${sum}`)
}

const patienceMs = 300_000

const cannotBeHad = (why: string): Error =>
  unavailable(
    `manifests cannot be checked, since definitions of their kinds cannot be had: ${why}; install Go 1.26 or newer, ` +
      'or see to it that it can download modules, and run again.',
  )

interface Answer {
  readonly Dir?: string
  readonly Sum?: string
  readonly Error?: string
}

function goModDownload(module: string): Promise<Answer> {
  // Away from any go.mod and from flags meant for builds, so that nothing but the argument says what to get.
  const options = { cwd: tmpdir(), env: { ...process.env, GOFLAGS: '', GOWORK: 'off' }, timeout: patienceMs }
  return new Promise((done, failed) => {
    execFile('go', ['mod', 'download', '-json', module], options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') failed(cannotBeHad('there is no Go on PATH'))
      else if (stdout.trimStart().startsWith('{')) done(JSON.parse(stdout))
      else done({ Error: stderr.trim() || `${error?.message}` })
    })
  })
}
