import { knownProblems } from './known-problems.ts'

/**
 * What is wrong, in one sentence that says what to do, from what kubectl or Helm printed when it failed.
 *
 * @param command what was run, such as `kubectl get`
 * @param context the context that was asked for; undefined: the current one
 * @param kubeconfig where the kubeconfig was looked for; empty or undefined: in its usual place
 */
export function problemOf(
  command: string,
  printed: string,
  context?: string,
  kubeconfig: string | undefined = process.env.KUBECONFIG,
): string {
  for (const { pattern, sentence } of knownProblems) {
    const found = pattern.exec(printed)
    if (found) return sentence(found.map(shortened), { context: contextNamed(context), kubeconfig })
  }
  return `${command} failed: ${shortened(lastLine(printed))}`
}

/** Whether it is the chart that refuses its values: no cluster has seen them then. */
export const isOfValues = (printed: string): boolean =>
  /values don't meet the specifications|execution error at|failed parsing --set data/.test(printed)

/** Characters of what others say: the API server may quote whole objects. */
const longest = 300

const shortened = (part: string | undefined): string | undefined =>
  part !== undefined && part.length > longest ? `${part.slice(0, longest)}...` : part

const contextNamed = (context: string | undefined): string =>
  context === undefined ? 'the current context' : `context ${context}`

/** The last line that says something, without the time and the word Error that tools write before it. */
function lastLine(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '')
  return (lines.at(-1) ?? 'it printed nothing').replace(/^error(?: from server)?(?: \(\w+\))?: /i, '').trim()
}
