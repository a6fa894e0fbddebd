import { execFile } from 'node:child_process'

/** What `istioctl analyze` has to say of manifests that it sees no cluster beside, a line each. */
export async function istioctlSays(manifests: string): Promise<string[]> {
  const { code, output } = await run(['analyze', '--use-kube=false', '-n', 'shop', '-'], manifests)
  const lines = output.split('\n').filter((line) => line !== '')
  if (lines.length === 0) throw new Error(`istioctl says nothing at all (exit ${code})`)
  return lines.length === 1 && lines[0]?.includes('No validation issues found') ? [] : lines
}

/** Why there is none; '' where there is one. */
export async function whyNoIstioctl(): Promise<string> {
  const { code } = await run(['version', '--remote=false'])
  return code === 0 ? '' : 'there is no istioctl on PATH'
}

function run(args: readonly string[], input = ''): Promise<{ code: number | string; output: string }> {
  return new Promise((done) => {
    const child = execFile('istioctl', [...args], (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, output: stdout + stderr }),
    )
    // A program that is not there has no ear for it.
    child.stdin?.on('error', () => {}).end(input)
  })
}
