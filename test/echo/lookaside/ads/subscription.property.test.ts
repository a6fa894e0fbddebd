import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answer, Subscription } from '../../../../services/echo/src/lookaside/ads/subscription.ts'
import type { ResourceType } from '../../../../services/echo/src/lookaside/resource-types.ts'
import type { Resource } from '../../../../services/echo/src/lookaside/resources/resource.ts'
import { snapshotOf } from '../snapshots.ts'

const keys = ['a.shop:8080', 'b.shop:8080', 'c.shop:8080']

/** What there may be: for each service nothing, or one of three sets of pods and policies. */
const world = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: keys.length, maxLength: keys.length })
const step = fc.oneof(
  fc.record({ kind: fc.constant('world' as const), world }),
  fc.record({ kind: fc.constant('subscribe' as const), names: fc.subarray([...keys, 'nothing']) }),
  fc.record({ kind: fc.constant('wildcard' as const) }),
  fc.record({ kind: fc.constant('accept' as const) }),
  fc.record({ kind: fc.constant('refuse' as const) }),
  fc.record({ kind: fc.constant('late' as const), names: fc.subarray(keys) }),
)

function resourcesOf(type: ResourceType, states: readonly number[]): ReadonlyMap<string, Resource> {
  const policies = [{}, { policy: { pick_first: {} } }, { envoyListener: '127.0.0.1:10000' }]
  const present = keys.flatMap((key, i) => (states[i] ? [[key, states[i]] as const] : []))
  const services = Object.fromEntries(
    present.map(([key, state]) => [key, state === 3 && key !== keys[0] ? {} : policies[state - 1]]),
  )
  const pods = Object.fromEntries(present.map(([key, state]) => [key.slice(0, 1), [`10.0.0.${state}`]]))
  return snapshotOf(services, pods).view('')[type]
}

/** A client that does as it is told: what it holds follows from answers alone. */
class Client {
  held = new Map<string, string>()
  names: readonly string[] = []
  wildcard = false
  nonce = ''

  take({ resources, nonce }: Answer, whole: boolean): void {
    if (whole) this.held.clear()
    for (const { name, hash } of resources) this.held.set(name, hash)
    this.nonce = nonce
  }
}

describe.each(['cds', 'eds', 'lds', 'rds'] as const)('any sequence of changes and requests for %s', (type) => {
  const whole = type === 'cds' || type === 'lds'

  it('ends with the client holding the newest state, with no answer that has no reason', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const subscription = new Subscription(type)
        const client = new Client()
        let resources = resourcesOf(type, [1, 1, 0])
        let begun = false
        const ask = (names: readonly string[], more: { nonce?: string; refusal?: string } = {}) => {
          const { nonce = client.nonce, refusal } = more
          const error_detail = refusal === undefined ? null : { message: refusal }
          return subscription.receive({ version_info: '', resource_names: names, response_nonce: nonce, error_detail })
        }
        const current = () => (client.wildcard ? ['*', ...client.names] : client.names)
        const wants = (name: string) =>
          client.names.includes(name) || (client.wildcard && (type === 'cds' || name.startsWith('envoy/')))
        const wanted = () =>
          new Map([...resources.values()].filter(({ name }) => wants(name)).map(({ name, hash }) => [name, hash]))
        for (const one of steps) {
          let reason = ''
          if (one.kind === 'world') {
            const before = wanted()
            resources = resourcesOf(type, one.world)
            const after = wanted()
            const changed = [...after].some(([name, hash]) => client.held.get(name) !== hash)
            const lost = whole && [...before.keys()].some((name) => !after.has(name))
            if (begun && (changed || lost)) reason = 'content'
          } else if (one.kind === 'late') {
            if (!begun || client.nonce === 'never') continue
            expect(ask(one.names, { nonce: 'never' })).toBe('stale')
          } else if (one.kind === 'accept' || one.kind === 'refuse') {
            if (!begun) continue
            ask(current(), one.kind === 'refuse' ? { refusal: 'no' } : {})
          } else {
            const before = { names: client.names, wildcard: client.wildcard }
            client.wildcard = one.kind === 'wildcard' && whole
            client.names = one.kind === 'subscribe' ? one.names : []
            // An empty list that is the first request would be the wildcard.
            if (!begun && current().length === 0) {
              client.names = before.names
              continue
            }
            ask(current())
            begun = true
            for (const name of [...client.held.keys()]) if (!wants(name)) client.held.delete(name)
            const grown = client.names.some((name) => !before.names.includes(name))
            if (grown || (client.wildcard && !before.wildcard)) reason = 'subscription'
          }
          const answers: Answer[] = []
          for (let answer = subscription.answer(resources); answer; answer = subscription.answer(resources)) {
            answers.push(answer)
            client.take(answer, whole)
          }
          if (reason === '') expect(answers).toEqual([])
          // What comes back after it was missed comes twice.
          expect(answers.length).toBeLessThanOrEqual(2)
          if (reason === 'subscription') expect(answers.length).toBeGreaterThan(0)
          if (!begun) continue
          for (const [name, hash] of wanted()) expect(client.held.get(name)).toBe(hash)
          if (whole) expect([...client.held.keys()].sort()).toEqual([...wanted().keys()].sort())
        }
      }),
      { seed: 20_261_122, numRuns: 200 },
    )
  })
})
