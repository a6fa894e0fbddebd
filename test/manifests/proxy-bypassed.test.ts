import { describe, expect, it } from 'vitest'
import { exampleWith, foundBy, patchedBy, withoutSidecar } from './support/example.ts'

const annotations = 'Job shop/client: spec.template.metadata.annotations'

describe('a call past the sidecar', () => {
  const found = (annotation: string, ...changes: (readonly [string, string])[]) =>
    foundBy(
      'proxy-bypassed',
      exampleWith(
        'proxy-bypassed',
        ['traffic.sidecar.istio.io/excludeOutboundPorts: "5432,8080"', annotation],
        ...changes,
      ),
    )
  const named = (name: string, value: string) => `traffic.sidecar.istio.io/${name}: "${value}"`
  const at = (name: string) => `error ${annotations}.traffic.sidecar.istio.io/${name}`

  it.each([
    ['excludeOutboundPorts', '8080'],
    ['excludeOutboundPorts', '5432, 8080'],
    ['excludeOutboundIPRanges', '0.0.0.0/0'],
    ['includeOutboundIPRanges', ''],
  ])('is what %s: "%s" makes', (name, value) => {
    expect(found(named(name, value))).toEqual([at(name)])
  })

  it.each([
    ['excludeOutboundPorts', '5432,18080'],
    ['excludeOutboundPorts', ''],
    ['excludeInboundPorts', '8080'],
    ['excludeOutboundIPRanges', '169.254.169.254/32'],
    ['includeOutboundIPRanges', '*'],
    ['includeOutboundIPRanges', '10.0.0.0/8'],
    ['includeOutboundPorts', '9000'],
  ])('is none by %s: "%s"', (name, value) => {
    expect(found(named(name, value))).toEqual([])
  })

  it('is none where the port is captured whatever its address', () => {
    const both = `${named('includeOutboundIPRanges', '')}\n        ${named('includeOutboundPorts', '8080')}`
    expect(found(both)).toEqual([])
    expect(found(both.replace('"8080"', '"9090"'))).toEqual([at('includeOutboundIPRanges')])
  })

  it('is none without a sidecar, and harmless from a client that balances by itself', () => {
    const past = named('excludeOutboundPorts', '8080')
    expect(found(past, withoutSidecar('client'))).toEqual([])
    expect(found(past, ['spec:\n  selector', 'spec:\n  clusterIP: None\n  selector'])).toEqual([])
    expect(found(past, ['replicas: 3', 'replicas: 1'])).toEqual([at('excludeOutboundPorts').replace('error', 'advice')])
  })

  it('is mended without the other ports being lost', () => {
    const left = (ports: string) =>
      patchedBy('proxy-bypassed', exampleWith('proxy-bypassed', ['"5432,8080"', `"${ports}"`]))
    expect(left('5432,8080,9042')).toContain('traffic.sidecar.istio.io/excludeOutboundPorts: 5432,9042')
    expect(left('8080')).not.toContain('excludeOutboundPorts')
  })
})
