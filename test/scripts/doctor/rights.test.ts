import { describe, expect, it } from 'vitest'
import { diagnosisText } from '../../../scripts/cluster/doctor/diagnosis-text.ts'
import { headline, stateOf } from '../../../scripts/cluster/doctor/headline.ts'
import { unpainted } from '../../../scripts/lib/findings/human.ts'
import { counters, diagnosed, recorded } from './recorded-cluster.ts'

const pinned = recorded('pinned')

describe('a user of few rights', () => {
  const pages = counters(pinned, 'pinned-echo', [0, 512, 0])

  it('still learns what there is to learn, and which Role to ask for', async () => {
    const forbidden = /\/(deployments|virtualservices)\b/
    const { diagnosis } = await diagnosed({ objects: pinned, pages, forbidden }, 'pinned-echo')
    expect(stateOf(diagnosis)).toBe('pinned')
    // Their pods tell of workloads that may not be seen themselves.
    expect(headline(diagnosis)).toContain('[cluster-ip-pins]')
    expect(diagnosis.unseen).toContain(
      'may not list deployments, virtualservices in namespace shop: findings that need them are missing',
    )
    // Not also that they may not be listed elsewhere.
    expect(diagnosis.unseen.filter((line) => line.startsWith('may not'))).toHaveLength(1)
    const text = diagnosisText(diagnosis, unpainted)
    expect(text).toContain('The rights that are missing, to ask for:')
    expect(text).toMatch(/kind: Role\n +metadata:\n +name: evenly-doctor\n +namespace: shop\n/)
  })

  it('who may look into the namespace alone is told what that hides', async () => {
    const forbidden = /^\/(api|apis\/[^/]+)\/v[^/]+\/[a-z]+\?/
    const { diagnosis } = await diagnosed({ objects: pinned, pages, forbidden }, 'pinned-echo')
    expect(stateOf(diagnosis)).toBe('pinned')
    const lines = diagnosis.unseen.filter((line) => line.startsWith('may not'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^may not list .*deployments.* in all namespaces: callers and policies elsewhere are missing/,
    )
    expect(diagnosis.live.service.workloads.map(({ manifest }) => manifest.kind)).toEqual(['Deployment'])
  })

  it.each([
    [
      'the Service',
      /services\/pinned-echo$/,
      /^you may not get services in namespace shop, .+ask whoever runs the cluster for this Role/,
    ],
    ['the pods', /\/pods\?/, /^you may not list pods in namespace shop, without which there is nothing to tell/],
  ])('is sent away without %s: exit 69', async (_, forbidden, message) => {
    const refused = diagnosed({ objects: pinned, forbidden }, 'pinned-echo')
    await expect(refused).rejects.toMatchObject({ exitCode: 69, message: expect.stringMatching(message) })
  })
})
