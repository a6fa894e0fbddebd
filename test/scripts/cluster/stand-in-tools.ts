import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

/** Stand-ins for kubectl and Helm, first on PATH. What they do is their first argument, of those in `verbs`. */
export class StandInTools {
  readonly folder: string

  static async install(): Promise<StandInTools> {
    const tools = new StandInTools(await mkdtemp(join(tmpdir(), 'evenly-tools-')))
    for (const name of ['kubectl', 'helm']) {
      const file = join(tools.folder, name)
      await writeFile(file, program(name, tools.folder))
      await chmod(file, 0o755)
    }
    vi.stubEnv('PATH', `${tools.folder}:${process.env.PATH}`)
    return tools
  }

  private constructor(folder: string) {
    this.folder = folder
  }

  /** What a stand-in left for the test; waits until it is there. */
  left(file: string): Promise<string> {
    return vi.waitFor(() => readFile(join(this.folder, file), 'utf8'), { timeout: 10_000, interval: 20 })
  }

  async remove(): Promise<void> {
    vi.unstubAllEnvs()
    await rm(this.folder, { recursive: true })
  }
}

const program = (name: string, folder: string): string => `#!/bin/sh
case "$1" in
  version) echo ${name === 'helm' ? 'v4.3.0' : 'Client Version: v1.34.3'} ;;
  args) printf '%s\\n' "$@" ;;
  --context) printf '%s\\n' "$@" | tee ${folder}/with-context ;;
  where) pwd ;;
  count) wc -c ;;
  deaf) exec 0<&-; echo deaf ;;
  -n) echo "error: no" >&2; exit 3 ;;
  fail) echo "warning: old" >&2; echo "error: $2" >&2; exit 3 ;;
  mutter) echo "$2"; exit 3 ;;
  mute) exit 3 ;;
  much) head -c 20000000 /dev/zero | tr '\\\\0' x ;;
  wait) echo $$ > ${folder}/pid.new; mv ${folder}/pid.new ${folder}/$2; echo started; exec sleep 60 ;;
  note) sleep 0.1; ps -o pid=,pgid= -p $$ > ${folder}/note.new; mv ${folder}/note.new ${folder}/$2 ;;
esac
`
