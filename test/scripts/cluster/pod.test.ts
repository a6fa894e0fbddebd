import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describePod, podOf, serves } from '../../../scripts/cluster/pod.ts'
import { recorded, recordedPod } from './recorded-pods.ts'

const now = Date.UTC(2026, 10, 21)
beforeEach(() => {
  vi.useFakeTimers({ now })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('podOf', () => {
  it('tells all of a server that is ready', () => {
    expect(recordedPod('x-echo')).toEqual({
      name: 'x-echo-cc85d8845-zgf7f',
      uid: 'e218a758-2788-46f4-bb4a-6ef2f89ca921',
      release: 'x',
      component: 'server',
      ip: '10.244.2.72',
      node: 'node-b',
      ready: true,
      leaving: false,
      gone: false,
      exitCode: undefined,
      started: true,
      reason: '',
      containers: ['echo'],
      message: '',
      readyAt: now,
      leavingAt: null,
      goneAt: null,
    })
  })

  it.each([
    [
      'pull-back-off',
      'ImagePullBackOff',
      /^Back-off pulling image "ghcr\.io\/evenly-grpc\/evenly-echo:none": ErrImagePull: /,
    ],
    ['invalid-name', 'InvalidImageName', /^Failed to apply default image tag /],
    ['never-pull', 'ErrImageNeverPull', /is not present with pull policy of Never$/],
    ['crash-loop', 'CrashLoopBackOff', /^back-off \d+\S+ restarting failed container=echo /],
    ['config-error', 'CreateContainerConfigError', /^configmap "nope" not found$/],
    ['run-error', 'RunContainerError', /exec: "\/nope": stat \/nope: no such file or directory/],
    ['unschedulable', 'Unschedulable', /^0\/3 nodes are available: /],
  ])('tells what holds %s up', (name, reason, message) => {
    const pod = recordedPod(name)
    expect(pod).toMatchObject({ reason, message: expect.stringMatching(message), ready: false, readyAt: null })
    expect(pod).toMatchObject({ exitCode: undefined, started: false, leaving: false })
  })

  it('tells what holds up a container that runs before the main one', () => {
    const { reason, message, containers, started } = recordedPod('init-fails')
    expect({ reason, containers, started }).toEqual({
      reason: 'CrashLoopBackOff',
      containers: ['prepare', 'echo'],
      started: false,
    })
    expect(message).toContain('container=prepare')
  })

  it('takes waiting as every container does at first for no reason', () => {
    expect(recordedPod('no-volume')).toMatchObject({ reason: '', message: '', started: false, ready: false })
  })

  it('tells that a pod leaves, which may still be ready', () => {
    expect(recordedPod('terminating')).toMatchObject({ leaving: true, gone: false, ready: true, leavingAt: now })
    expect(podOf(recorded('terminating').object, true)).toMatchObject({ gone: true, goneAt: now })
  })

  it("tells how a Job's container ended whose sidecar ended after it", () => {
    expect(recordedPod('job-echo')).toMatchObject({
      component: 'client',
      release: 'job',
      exitCode: 0,
      started: true,
      reason: 'Completed',
      ready: false,
      containers: ['istio-init', 'istio-proxy', 'echo'],
    })
  })

  it('goes by the container that the pod names as its main one, wherever it stands', () => {
    const { object } = recorded('job-echo')
    const { metadata, spec } = object
    const annotations = { 'kubectl.kubernetes.io/default-container': 'istio-proxy' }
    const ended = { exitCode: 143, reason: 'Error' }
    const initContainerStatuses = [{ name: 'istio-proxy', state: { terminated: ended } }]
    const status = { ...object.status, initContainerStatuses }
    expect(podOf({ metadata: { ...metadata, annotations }, spec, status }, false)).toMatchObject(ended)
    expect(podOf({ metadata: { ...metadata, annotations: {} }, spec, status }, false)).toMatchObject({ exitCode: 0 })
  })

  it('sees a container that runs beside a proxy as the main one', () => {
    expect(recordedPod('y-echo-client')).toMatchObject({ started: true, exitCode: undefined, reason: '' })
  })

  it('tells the proxies of a Gateway from servers, whose labels they have', () => {
    expect(recorded('echo-istio').object.metadata.labels['app.kubernetes.io/component']).toBe('server')
    expect(recordedPod('echo-istio')).toMatchObject({ component: 'gateway', release: 'echo' })
  })

  it('knows a pod without labels, which belongs to no release', () => {
    expect(recordedPod('config-error')).toMatchObject({ component: '', release: '' })
  })

  it('keeps when it first saw a pod ready, leaving and gone, and its address', () => {
    const { object } = recorded('x-echo')
    const first = podOf(object, false)
    vi.setSystemTime(now + 1000)
    const leaving = { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-11-21T21:40:00Z' } }
    const second = podOf(leaving, false, first)
    expect(second).toMatchObject({ readyAt: now, leavingAt: now + 1000, goneAt: null })
    vi.setSystemTime(now + 2000)
    const status = { ...object.status, podIP: undefined, conditions: [] }
    const third = podOf({ ...leaving, status }, true, second)
    expect(third).toMatchObject({ readyAt: now, leavingAt: now + 1000, goneAt: now + 2000, ip: first.ip, ready: false })
  })

  it('takes another pod of the same name for another, as a StatefulSet makes them', () => {
    const { object } = recorded('unschedulable')
    const known = { ...recordedPod('x-echo'), name: object.metadata.name }
    expect(podOf(object, false, known)).toMatchObject({ readyAt: null, ip: '' })
  })
})

describe('describePod', () => {
  it.each([
    ['x-echo', '  x-echo-cc85d8845-zgf7f: ready'],
    ['terminating', '  terminating: leaving'],
    ['job-echo', '  job-echo-z6lq6: not ready, exit 0, Completed'],
    ['pull-back-off', '  pull-back-off: not ready, ImagePullBackOff'],
  ])('tells of %s in one line', (name, line) => {
    expect(describePod(recordedPod(name))).toBe(line)
  })

  it('tells that one is gone', () => {
    expect(describePod(podOf(recorded('terminating').object, true))).toBe('  terminating: gone')
  })
})

describe('serves', () => {
  it.each([
    [true, false, true],
    [true, true, false],
    [false, false, false],
  ])('of a pod whose readiness is %s and whose leaving is %s is %s', (ready, leaving, does) => {
    expect(serves({ ...recordedPod('x-echo'), ready, leaving })).toBe(does)
  })
})
