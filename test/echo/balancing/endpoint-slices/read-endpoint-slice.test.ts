import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEndpointSlice } from '../../../../services/echo/src/balancing/endpoint-slices/read-endpoint-slice.ts'
import { serviceEndpoints } from '../../../../services/echo/src/balancing/endpoint-slices/service-endpoints.ts'
import { pod, slice } from './slices.ts'

const whole = slice('s', [
  pod('a', '10.0.0.1', { zone: 'zone-a', nodeName: 'n', hints: { forZones: [{ name: 'zone-a' }] } }),
])

it('reads all that is looked at of a slice, and leaves out the rest', () => {
  const metadata = { ...whole.metadata, labels: { app: 'orders' }, managedFields: [{}] }
  const told = { ...whole, metadata, kind: 'EndpointSlice', ports: [{ name: 'grpc', port: 8080, protocol: 'TCP' }] }
  expect(readEndpointSlice(told)).toEqual({
    ...whole,
    metadata: { ...whole.metadata, labels: { app: 'orders' } },
    ports: [{ name: 'grpc', port: 8080 }],
  })
})

it.each([
  ['null', null],
  ['a list', []],
  ['no metadata', { ...whole, metadata: undefined }],
  ['a name that is a number', { ...whole, metadata: { name: 1, namespace: 'shop' } }],
  ['no namespace', { ...whole, metadata: { name: 's' } }],
  ['an unknown family', { ...whole, addressType: 'IPv5' }],
])('takes %s for no slice', (_, value) => {
  expect(readEndpointSlice(value)).toBeUndefined()
})

it('leaves out what is of a wrong type, and keeps what is right beside it', () => {
  const endpoints = [
    null,
    'pod',
    { addresses: '10.0.0.2' },
    { addresses: [] },
    { addresses: [7, '10.0.0.3'], conditions: { ready: 'yes' }, zone: 1, targetRef: 'pod', hints: { forZones: [{}] } },
    pod('a', '10.0.0.1'),
  ]
  const read = readEndpointSlice({
    ...whole,
    endpoints,
    ports: [{ name: 'grpc', port: '8080' }, { name: 5, port: 70_000 }, null],
  })
  expect(read).toMatchObject({ endpoints: [{ addresses: ['10.0.0.3'], conditions: {} }, { addresses: ['10.0.0.1'] }] })
  expect(read?.ports).toEqual([
    { name: 'grpc', port: null },
    { name: '', port: null },
  ])
})

it('gives back itself an endpoint that has not changed, wherever it is now', () => {
  const other = pod('b', '10.0.0.2')
  const known = readEndpointSlice(slice('s', [pod('a', '10.0.0.1'), other]))
  const read = readEndpointSlice(slice('s', [other, pod('a', '10.0.0.1', { zone: 'zone-b' })]), known)
  expect(read?.endpoints?.[0]).toBe(known?.endpoints?.[1])
  expect(read?.endpoints?.[1]).toMatchObject({ zone: 'zone-b' })
})

it('makes of anything either nothing or a slice that can be used', () => {
  const hostile = fc.anything({ withNullPrototype: true })
  const nearly = fc.record({
    metadata: fc.oneof(hostile, fc.constant(whole.metadata)),
    addressType: fc.constantFrom('IPv4', 'IPv6', 'FQDN', 1),
    ports: fc.oneof(hostile, fc.array(fc.record({ name: hostile, port: hostile }))),
    endpoints: fc.oneof(
      hostile,
      fc.array(
        fc.oneof(
          hostile,
          fc.record({ addresses: fc.array(hostile), conditions: hostile, targetRef: hostile, hints: hostile }),
        ),
      ),
    ),
  })
  fc.assert(
    fc.property(fc.oneof(hostile, nearly), (value) => {
      const read = readEndpointSlice(value)
      for (const { addresses, port } of read ? serviceEndpoints([read], 'grpc', { zone: 'z' }) : []) {
        expect([typeof addresses[0], Number.isInteger(port)]).toEqual(['string', true])
      }
    }),
    { seed: 20_261_122, numRuns: 2000 },
  )
})
