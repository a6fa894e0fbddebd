import { describe, expect, it } from 'vitest'
import { imageValues } from '../../../scripts/cluster/image.ts'
import { usageError } from '../../../scripts/lib/exit.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('imageValues', () => {
  it.each([
    ['echo:1', { repository: 'echo', tag: '1' }],
    ['ghcr.io/evenly-grpc/evenly-echo:0.2.0', { repository: 'ghcr.io/evenly-grpc/evenly-echo', tag: '0.2.0' }],
    ['localhost:5000/team/echo:v1_2-rc.3', { repository: 'localhost:5000/team/echo', tag: 'v1_2-rc.3' }],
    [`ghcr.io/echo@${digest}`, { repository: 'ghcr.io/echo', digest }],
    [`localhost:5000/echo@${digest}`, { repository: 'localhost:5000/echo', digest }],
    [`localhost:5000/echo:1.2@${digest}`, { repository: 'localhost:5000/echo', tag: '1.2', digest }],
  ])('takes %s apart, for servers and clients', (image, taken) => {
    expect(imageValues(image)).toEqual({ image: taken, client: { image: taken }, lookaside: { image: taken } })
  })

  it.each([undefined, ''])('says nothing for %o, so that the chart has its own', (image) => {
    expect(imageValues(image)).toEqual({})
  })

  it.each([
    'echo',
    'ghcr.io/evenly-grpc/evenly-echo',
    'localhost:5000/echo',
    'echo:',
    'echo@',
    ':1',
    `@${digest}`,
    'echo:1/2',
  ])('refuses %s, which names no version', (image) => {
    expect(() => imageValues(image)).toThrow(usageError(`image ${image} names no version: write NAME:TAG`))
  })
})
