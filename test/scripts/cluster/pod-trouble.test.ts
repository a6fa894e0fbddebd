import { describe, expect, it, vi } from 'vitest'
import type { Namespace } from '../../../scripts/cluster/namespace.ts'
import type { Pod } from '../../../scripts/cluster/pod.ts'
import { troubleOf, untilOrTrouble } from '../../../scripts/cluster/pod-trouble.ts'
import { Waiting } from '../../../scripts/cluster/waiting.ts'
import { unavailable } from '../../../scripts/lib/exit.ts'
import { recordedPod } from './recorded-pods.ts'

describe('troubleOf', () => {
  it.each(['x-echo', 'terminating', 'job-echo', 'echo-istio', 'y-echo-client', 'no-volume', 'unschedulable'])(
    'has hope for %s',
    (name) => {
      expect(troubleOf(recordedPod(name))).toBeUndefined()
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
    expect(troubleOf(recordedPod('crash-loop'), "echo: unknown option '--nope'")).toBe(
      "pod crash-loop crashes again and again; it printed: echo: unknown option '--nope': mend what it names, then try again",
    )
  })

  it('tells of a container that crashes before the main one', () => {
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

describe('untilOrTrouble', () => {
  /** A namespace of these pods, and what its containers said before they crashed. */
  function namespaceOf(pods: readonly Pod[], said = async () => 'echo: no such file\n') {
    const waiting = new Waiting(new AbortController().signal)
    const kubectl = vi.fn(said)
    const watch = { all: () => pods, until: waiting.until.bind(waiting) }
    return { kubectl, namespace: { pods: watch, kubectl } as unknown as Namespace }
  }
  const ready = recordedPod('x-echo')

  it('resolves to what is found, 0 and nothing else that is empty among it', async () => {
    const { namespace, kubectl } = namespaceOf([ready])
    expect(await untilOrTrouble(namespace, 'pods', 60, () => 'found')).toBe('found')
    expect(await untilOrTrouble(namespace, 'pods', 60, () => 0)).toBe(0)
    const never = untilOrTrouble(namespace, 'pods', 0.01, () => false)
    await expect(never).rejects.toThrow(unavailable('waited for pods: not within 0.01 s'))
    expect(kubectl).not.toHaveBeenCalled()
  })

  it('gives up for a pod in trouble, though what it waits for is there', async () => {
    const { namespace, kubectl } = namespaceOf([ready, recordedPod('config-error')])
    const found = untilOrTrouble(namespace, 'pods', 60, () => 'found')
    await expect(found).rejects.toThrow(unavailable(troubleOf(recordedPod('config-error')) as string))
    expect(kubectl).not.toHaveBeenCalled()
  })

  it.each(['gone', 'leaving'] as const)('bears with one that is %s', async (state) => {
    const { namespace } = namespaceOf([{ ...recordedPod('config-error'), [state]: true }])
    expect(await untilOrTrouble(namespace, 'pods', 60, () => 'found')).toBe('found')
  })

  it('has one that crashes say why, if it can', async () => {
    for (const pod of [recordedPod('crash-loop'), recordedPod('init-fails')]) {
      const { namespace, kubectl } = namespaceOf([pod])
      const told = unavailable(troubleOf(pod, 'echo: no such file') as string)
      await expect(untilOrTrouble(namespace, 'pods', 60, () => undefined)).rejects.toThrow(told)
      expect(kubectl.mock.calls).toEqual([['logs', pod.name, '--previous', '--tail=1']])
      const silent = namespaceOf([pod], () => Promise.reject(unavailable('no logs')))
      const untold = unavailable(troubleOf(pod) as string)
      await expect(untilOrTrouble(silent.namespace, 'pods', 60, () => undefined)).rejects.toThrow(untold)
    }
  })
})
