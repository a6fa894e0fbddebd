import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../../scripts/cluster/doctor/diagnosis.ts'
import { diagnosisJson } from '../../../scripts/cluster/doctor/diagnosis-json.ts'
import { diagnosisText } from '../../../scripts/cluster/doctor/diagnosis-text.ts'
import { unpainted } from '../../../scripts/lib/findings/human.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import { counters, diagnosed, recorded } from './recorded-cluster.ts'

const pinned = recorded('pinned')
const broken = recorded('broken')

const rulesOf = ({ findings }: Diagnosis, severity?: string): string[] =>
  findings.filter((finding) => severity === undefined || finding.severity === severity).map(({ rule }) => rule)

describe('a name', () => {
  it.each([
    ['pined-echo', 69, 'there is no Service pined-echo in namespace shop: did you mean pinned-echo?'],
    ['echo', 69, 'there is no Service echo in namespace shop: did you mean pinned-echo?'],
    ['payments', 69, 'there is no Service payments in namespace shop, but there is one in desk: say -n desk'],
    ['zzz', 69, 'there is no Service zzz in namespace shop: it has mail, pinned-echo, pinned-echo-headless'],
    [
      'mail',
      64,
      'Service shop/mail is another name of mail.example.com, so no pod is behind it: look at what that leads to',
    ],
  ])('%s: exit %i', async (name, exitCode, message) => {
    const service = (name: string, namespace: string, spec: object) => ({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec },
    })
    const more = [
      service('payments', 'desk', {}),
      service('mail', 'shop', { type: 'ExternalName', externalName: 'mail.example.com' }),
    ]
    await expect(diagnosed({ objects: [...pinned, ...more] }, name)).rejects.toMatchObject({ exitCode, message })
  })

  it('of a Service without a port that shows gRPC wants --port, which is then believed', async () => {
    const text = JSON.stringify(pinned)
      .replaceAll('"grpc"', '"main"')
      .replaceAll(':8080', ':7000')
      .replaceAll('8080', '7000')
      .replaceAll('kubernetes.io/h2c', 'tcp')
    const plain = (JSON.parse(text) as Content[]).map((object) => {
      const strip = ({ readinessProbe: _, ...container }: Content) => container
      const { spec } = object
      if (object.kind === 'Pod') return { ...object, spec: { ...spec, containers: spec.containers.map(strip) } }
      if (spec?.template === undefined) return object
      const { template } = spec
      const containers = template.spec.containers.map(strip)
      return { ...object, spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } } }
    })
    await expect(diagnosed({ objects: plain }, 'pinned-echo')).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(
        /^nothing shows which port of Service shop\/pinned-echo speaks gRPC \(it has 7000 main[,;] .+: say it with --port$/,
      ),
    })
    await expect(diagnosed({ objects: plain }, 'pinned-echo', { port: 1 })).rejects.toMatchObject({ exitCode: 64 })
    const { diagnosis } = await diagnosed({ objects: plain }, 'pinned-echo', { port: 7000 })
    expect(rulesOf(diagnosis, 'error')).toContain('cluster-ip-pins')
    expect(diagnosisText(diagnosis, unpainted)).toContain('port 7000 speaks gRPC (--port says so)')
  })
})

describe('output', () => {
  it('for people has the line first, then facts, findings and what was not seen', async () => {
    const pages = counters(pinned, 'pinned-echo', [0, 512, 0])
    const { diagnosis } = await diagnosed({ objects: pinned, pages }, 'pinned-echo')
    const text = diagnosisText(diagnosis, unpainted)
    const at = [
      'is pinned',
      '  service ',
      '  endpoints  3 ready of 3: zone-a 1, zone-b 1, zone-c 1',
      '100.0 %  512',
      '  callers ',
      '[uneven-calls]',
      '[cluster-ip-pins]\n',
    ]
    expect(at.map((part) => text.indexOf(part))).toEqual(at.map((part) => text.indexOf(part)).toSorted((a, b) => a - b))
    expect(at.filter((part) => !text.includes(part))).toEqual([])
    expect(text).toMatch(/^Service\/pinned-echo: error Service shop\/pinned-echo: the busiest of 3 /m)
  })

  it('for programs has every field, null where there is nothing', async () => {
    const { diagnosis } = await diagnosed({ objects: broken }, 'broken-echo')
    expect(JSON.parse(diagnosisJson(diagnosis))).toMatchObject({
      ...{ version: 1, service: 'shop/broken-echo', state: 'no-endpoints', traffic: null, role: null, callers: [] },
      ...{
        findings: [{ rule: 'no-endpoints', severity: 'error', file: 'Service/broken-echo', patch: null }],
        summary: { errors: 1 },
      },
    })
  })
})
