import { expect, it } from 'vitest'
import { parseServiceTarget } from '../../../../services/echo/src/balancing/endpoint-slices/service-target.ts'

it.each([
  ['orders.shop:8080', { service: 'orders', namespace: 'shop', port: '8080' }],
  ['orders-v2.shop-1:grpc-api', { service: 'orders-v2', namespace: 'shop-1', port: 'grpc-api' }],
  ['orders.shop:65535', { service: 'orders', namespace: 'shop', port: '65535' }],
  [`${'a'.repeat(63)}.shop:1`, { service: 'a'.repeat(63), namespace: 'shop', port: '1' }],
])('reads %s', (text, target) => {
  expect(parseServiceTarget(text)).toEqual(target)
})

it("takes a process's own namespace where a target names none, and its own word where it does", () => {
  expect(parseServiceTarget('orders:grpc', 'shop')).toEqual({ service: 'orders', namespace: 'shop', port: 'grpc' })
  expect(parseServiceTarget('orders.other:grpc', 'shop').namespace).toBe('other')
})

it.each([
  ['', /must begin with the Service's name/],
  ['Orders.shop:8080', /must begin with the Service's name in lower case/],
  ['-orders.shop:8080', /must begin/],
  [`${'a'.repeat(64)}.shop:1`, /must begin/],
  ['orders:8080', /outside a cluster it must say the namespace/],
  ['orders.:8080', /namespace must follow/],
  ['orders.shop.svc:8080', /nothing after it but the port/],
  ['orders.shop', /must end with a colon/],
  ['orders.shop:', /must end with a colon/],
  ['orders.shop:0', /from 1 to 65535/],
  ['orders.shop:65536', /from 1 to 65535/],
  ['orders.shop:gRPC', /a name in lower case/],
  ['orders.shop:8080:1', /a name in lower case/],
  ['orders.shop:80\n', /a name in lower case/],
])('refuses %j in one sentence that says how to write it', (text, sentence) => {
  expect(() => parseServiceTarget(text)).toThrow(sentence)
  expect(() => parseServiceTarget(text)).toThrow(`${JSON.stringify(text)} names no port of a Service: `)
  expect(() => parseServiceTarget(text)).toThrow(/such as orders\.shop:8080$/)
})
