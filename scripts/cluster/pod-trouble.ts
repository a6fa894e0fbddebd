import { unavailable } from '../lib/exit.ts'
import type { Namespace } from './namespace.ts'
import type { Pod } from './pod.ts'

/** As the pod watch waits; gives up at once when a pod is in trouble that does not pass. */
export async function untilOrTrouble<T>(
  namespace: Namespace,
  what: string,
  limitSeconds: number,
  look: () => T | undefined | false,
): Promise<T> {
  const { pods } = namespace
  const found = await pods.until<{ trouble: Pod } | { it: T }>(what, limitSeconds, () => {
    const trouble = pods.all().find((each) => !each.gone && !each.leaving && troubleOf(each) !== undefined)
    if (trouble) return { trouble }
    const it = look()
    return it === undefined || it === false ? undefined : { it }
  })
  if ('it' in found) return found.it
  const lastWords = isCrashing(found.trouble) ? await lastWordsOf(namespace, found.trouble) : ''
  throw unavailable(troubleOf(found.trouble, lastWords) ?? what)
}

/**
 * Why a pod will not run, in one sentence that says what to do; undefined while there is hope.
 *
 * @param lastWords what its container printed last, for one that crashes
 */
export function troubleOf({ name, reason, message }: Pod, lastWords = ''): string | undefined {
  const why = message === '' ? '' : ` (${firstLine(message)})`
  if (/^(ImagePullBackOff|ErrImageNeverPull|InvalidImageName)$/.test(reason)) {
    return `pod ${name} cannot start, for its image cannot be pulled${why}: push it, or name another with --image or EVENLY_IMAGE`
  }
  if (reason === 'CrashLoopBackOff') {
    const said = lastWords === '' ? 'it printed nothing' : `it printed: ${lastWords}`
    return `pod ${name} crashes again and again; ${said}: mend what it names, then try again`
  }
  if (/^(CreateContainer\w*Error|RunContainerError)$/.test(reason)) {
    return `pod ${name} cannot start: ${reason}${why}: mend what it names, then try again`
  }
  return undefined
}

/** Whether only its last words tell why. */
const isCrashing = ({ reason }: Pod): boolean => reason === 'CrashLoopBackOff'

async function lastWordsOf(namespace: Namespace, { name }: Pod): Promise<string> {
  const said = await namespace.kubectl('logs', name, '--previous', '--tail=1').catch(() => '')
  return said.trim()
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300)
