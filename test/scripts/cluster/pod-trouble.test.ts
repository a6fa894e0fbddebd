import { describe, expect, it } from 'vitest'
import { isCrashing, troubleOf } from '../../../scripts/cluster/pod-trouble.ts'
import { recordedPod } from './recorded-pods.ts'

describe('troubleOf', () => {
  it.each(['x-echo', 'terminating', 'job-echo', 'echo-istio', 'y-echo-client', 'no-volume', 'unschedulable'])(
    'has hope for %s',
    (name) => {
      expect(troubleOf(recordedPod(name))).toBeUndefined()
      expect(isCrashing(recordedPod(name))).toBe(false)
    },
  )

  it('has hope while an image is pulled for the first time', () => {
    expect(troubleOf({ ...recordedPod('pull-back-off'), reason: 'ErrImagePull' })).toBeUndefined()
  })

  it.each([
    [
      'pull-back-off',
      /^pod pull-back-off cannot start, for its image cannot be pulled \(Back-off pulling image "ghcr\.io\/[^\n]{1,290}\): push it, or name another with --image or EVENLY_IMAGE$/,
    ],
    [
      'invalid-name',
      /^pod invalid-name cannot start, for its image cannot be pulled \(Failed to apply [^\n]+\): push it, or name another with --image or EVENLY_IMAGE$/,
    ],
    [
      'never-pull',
      /^pod never-pull cannot start, for its image cannot be pulled \(Container image "ghcr\.io\/[^\n]+\): push it, or name another with --image or EVENLY_IMAGE$/,
    ],
    [
      'config-error',
      /^pod config-error cannot start: CreateContainerConfigError \(configmap "nope" not found\): mend what it names, then try again$/,
    ],
    [
      'run-error',
      /^pod run-error cannot start: RunContainerError \(failed to [^\n]+ "\/nope": stat \/nope: no such file or directory: unknown\): mend what it names, then try again$/,
    ],
    ['crash-loop', /^pod crash-loop crashes again and again; it printed nothing: mend what it names, then try again$/],
  ])('tells in one sentence why %s will not run', (name, sentence) => {
    expect(troubleOf(recordedPod(name))).toMatch(sentence)
  })

  it('tells the last words of one that crashes', () => {
    expect(isCrashing(recordedPod('crash-loop'))).toBe(true)
    expect(troubleOf(recordedPod('crash-loop'), "echo: unknown option '--nope'")).toBe(
      "pod crash-loop crashes again and again; it printed: echo: unknown option '--nope': mend what it names, then try again",
    )
  })

  it('tells of a container that crashes before the main one', () => {
    expect(isCrashing(recordedPod('init-fails'))).toBe(true)
    expect(troubleOf(recordedPod('init-fails'))).toMatch(/^pod init-fails crashes again and again; /)
  })

  it('keeps to one line, and to so much of it', () => {
    const pod = { ...recordedPod('config-error'), message: 'x'.repeat(400) }
    expect(troubleOf(pod)).toBe(
      `pod config-error cannot start: CreateContainerConfigError (${'x'.repeat(300)}): mend what it names, then try again`,
    )
    expect(troubleOf({ ...pod, message: 'one\ntwo' })).toContain(': CreateContainerConfigError (one): ')
    expect(troubleOf({ ...pod, message: '' })).toBe(
      'pod config-error cannot start: CreateContainerConfigError: mend what it names, then try again',
    )
  })
})
