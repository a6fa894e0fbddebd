import { describe, expect, it } from 'vitest'
import { isOfValues, problemOf } from '../../../scripts/cluster/cluster-problem.ts'
import { refusals } from './printed-refusals.ts'
import { rights } from './printed-rights.ts'
import { ways } from './printed-ways.ts'

/** One line that says what to do after a colon, and does not end as a paragraph does. */
const isOneSentence = /^[^\n]+: [^\n]+[^\n.:]$/

const of = (printed: string, context?: string, kubeconfig = '') =>
  problemOf('kubectl get', printed, context, kubeconfig)

describe('problemOf', () => {
  it.each(ways)('tells what is in the way when $when', ({ printed, sentence }) => {
    expect(of(printed)).toBe(sentence)
    expect(of(printed)).toMatch(isOneSentence)
  })

  it.each(rights)('tells whose right is missing when $when', ({ printed, sentence }) => {
    expect(of(printed)).toBe(sentence)
    expect(of(printed)).toMatch(isOneSentence)
  })

  it.each(refusals)('tells what is refused when $when', ({ printed, sentence }) => {
    expect(of(printed)).toBe(sentence)
    expect(of(printed)).toMatch(/^[^\n]+: [^\n]+$/)
  })

  it('names the context that was asked for', () => {
    const printed = 'The connection to the server 127.0.0.1:6 was refused - did you specify the right host or port?\n'
    expect(of(printed, 'lab')).toBe(
      'the cluster of context lab does not answer at 127.0.0.1:6 (connection refused): start it, or choose another with --context',
    )
  })

  it('names the kubeconfig that is not there, which kubectl does not', () => {
    const printed =
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n'
    expect(of(printed, undefined, '/home/me/lab.yaml')).toBe(
      'there is no cluster to run on: KUBECONFIG, /home/me/lab.yaml, is not there or has no current context: set it to one that has, then try again',
    )
  })

  it.each([
    [
      'error: no objects passed to scale deployments.apps "x" not found\n',
      'no objects passed to scale deployments.apps "x" not found',
    ],
    [
      'Error from server (NotFound): gateways.gateway.networking.k8s.io "x" not found\n',
      'gateways.gateway.networking.k8s.io "x" not found',
    ],
    ['warning: old\nError: path "charts/echo" not found\n\n', 'path "charts/echo" not found'],
    ['', 'it printed nothing'],
  ])('says after the command what was printed last, when it is nothing known', (printed, last) => {
    expect(of(printed)).toBe(`kubectl get failed: ${last}`)
  })

  it('cuts short what others say at length, and not what to do', () => {
    const long = 'x'.repeat(5000)
    expect(of(`error: ${long}`)).toBe(`kubectl get failed: ${'x'.repeat(300)}...`)
    expect(of(`Deployment.apps "y" is invalid: ${long}`)).toBe(
      `the cluster refuses Deployment.apps "y" (${'x'.repeat(300)}...): mend --set, or the scenario's values`,
    )
  })
})

describe('isOfValues', () => {
  it('holds for what the chart says, and for nothing that a cluster does', () => {
    const ofValues = [...ways, ...rights, ...refusals].filter(({ printed }) => isOfValues(printed))
    expect(ofValues.map(({ when }) => when)).toEqual([
      'a value is of the wrong type',
      'a value deeper down is wrong',
      'there is no such value',
      'the chart has a rule against values',
      '--set is no KEY=VALUE',
    ])
  })
})
