import { nearest } from '../check/nearest.ts'
import type { StringMap } from './manifest.ts'

/**
 * The one label that keeps a Service's selector from taking pods that it was meant to take; undefined when it takes them, when
 * another label is wrong too, or when they may well be others: those of another application, or labels that pods get once they run.
 */
export function nearMiss(selector: StringMap, labels: StringMap): string | undefined {
  const entries = Object.entries(selector)
  const [wrong, ...others] = entries.filter(([key, value]) => labels[key] !== value)
  if (wrong === undefined || others.length > 0) return undefined
  const [key, wanted] = wrong
  const has = labels[key]
  if (has === undefined)
    return !givenLater.test(key) && entries.some((each) => each !== wrong && isName(each[0])) ? key : undefined
  return isName(key) || entries.length === 1 ? (isLike(wanted, has) ? key : undefined) : key
}

/** Whether one is the other misspelt, or cut: `email` and `emailservice`. */
const isLike = (wanted: string, has: string): boolean =>
  nearest(wanted, [has]) !== undefined || has.includes(wanted) || wanted.includes(has)

/** Whether a label says which application pods are of, or which part or installation of it. */
const isName = (key: string): boolean => /(^|\/)(app|k8s-app|name|instance|release|component|service|run)$/.test(key)

const givenLater =
  /^(statefulset|apps|batch|topology)\.kubernetes\.io\/|-hash$|^job-name$|role|leader|primary|master|active|standby/
