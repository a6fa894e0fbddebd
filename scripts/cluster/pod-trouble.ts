import type { Pod } from './pod.ts'

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
export const isCrashing = ({ reason }: Pod): boolean => reason === 'CrashLoopBackOff'

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 300)
