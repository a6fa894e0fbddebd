import { runTool } from '../../chart/helm.ts'

/** Runs kubectl on the current context; resolves to what it prints, rejects with what it says when it fails. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runTool('kubectl', args, input)
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} (exit ${code}): ${stderr.trim() || stdout.trim()}`)
  return stdout
}

/** Gets a path of the API server, such as a pod's own port through its proxy. */
export const getRaw = (path: string): Promise<string> => kubectl(['get', '--raw', path])
