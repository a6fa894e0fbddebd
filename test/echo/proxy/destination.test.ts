import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../../services/echo/src/proxy/destination.ts'

const inPod = 'nameserver 10.96.0.10\nsearch shop.svc.cluster.local svc.cluster.local\noptions ndots:5\n'

describe('where a client sends its calls', () => {
  it.each([
    ['server:8080', ['server', 'server.shop.svc.cluster.local', 'server.svc.cluster.local'], 8080],
    [
      'dns:///server.bank:80',
      ['server.bank', 'server.bank.shop.svc.cluster.local', 'server.bank.svc.cluster.local'],
      80,
    ],
    ['dns:///server.bank.svc.cluster.local.:80', ['server.bank.svc.cluster.local'], 80],
  ])('to %s has every name that the resolver would try', (target, names, port) => {
    expect(destinationOf(target, inPod)).toEqual({ names, port, loopback: false })
  })

  it.each([
    ['127.0.0.1:10000', '127.0.0.1', 10_000],
    ['ipv4:127.0.0.7:10000,10.0.0.7:80', '127.0.0.7', 10_000],
    ['localhost:10000', 'localhost', 10_000],
    ['ipv6:[::1]:10000', '::1', 10_000],
  ])('to %s is in the pod itself', (target, name, port) => {
    expect(destinationOf(target, '')).toEqual({ names: [name], port, loopback: true })
  })

  it('to a socket is in the pod itself, without a name', () => {
    expect(destinationOf('unix:/run/envoy.sock', inPod)).toEqual({ names: [], port: 0, loopback: true })
  })

  it.each(['10.0.0.7:80', '1270.0.0.1:80', 'localhost.shop:80', '[fd00::1]:80'])('to %s is elsewhere', (target) => {
    expect(destinationOf(target, '').loopback).toBe(false)
  })

  it('has no other name than its own where names are not completed, or there is no such file', () => {
    expect(destinationOf('server:80', 'nameserver 10.96.0.10\n').names).toEqual(['server'])
    expect(destinationOf('server:80').names[0]).toBe('server')
  })

  it('is completed by the last search list, as resolvers do it', () => {
    expect(destinationOf('a:80', 'search old.example\nsearch\tnew.example  other.example').names).toEqual([
      'a',
      'a.new.example',
      'a.other.example',
    ])
  })
})
