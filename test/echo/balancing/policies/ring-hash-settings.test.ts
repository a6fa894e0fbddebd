import { describe, expect, it } from 'vitest'
import { readRingHash } from '../../../../services/echo/src/balancing/policies/ring-hash-settings.ts'

describe('the settings of ring_hash_experimental', () => {
  it("have gRPC's sizes without any, and the header in lower case", () => {
    expect(readRingHash({ requestHashHeader: 'X-User' })).toEqual({
      requestHashHeader: 'x-user',
      minRingSize: 1024,
      maxRingSize: 4096,
    })
    expect(readRingHash({ requestHashHeader: 'x-user', minRingSize: 8000 }).maxRingSize).toBe(8000)
    expect(readRingHash({ requestHashHeader: 'x-user', minRingSize: 1, maxRingSize: 8_388_608 })).toMatchObject({
      minRingSize: 1,
      maxRingSize: 8_388_608,
    })
  })

  it.each([
    [{}, 'requestHashHeader must be the name of a header with text, such as x-user, not ending in -bin: it is missing'],
    [{ requestHashHeader: '' }, 'not ending in -bin: not ""'],
    [{ requestHashHeader: 'x-user-bin' }, 'not ending in -bin: not "x-user-bin"'],
    [{ requestHashHeader: 'X-USER-BIN' }, 'not ending in -bin: not "X-USER-BIN"'],
    [{ requestHashHeader: ':path' }, 'not ending in -bin: not ":path"'],
    [{ requestHashHeader: 7 }, 'not ending in -bin: not 7'],
    [
      { request_hash_header: 'x-user' },
      'ring_hash_experimental has no request_hash_header: it knows requestHashHeader, ',
    ],
    [{ requestHashHeader: 'x', minRingSize: 0 }, 'minRingSize must be a whole number from 1 to 8388608, not 0'],
    [{ requestHashHeader: 'x', minRingSize: 1.5 }, 'minRingSize must be a whole number from 1 to 8388608, not 1.5'],
    [
      { requestHashHeader: 'x', maxRingSize: 8_388_609 },
      'maxRingSize must be a whole number from 1024 to 8388608, not 8388609',
    ],
    [
      { requestHashHeader: 'x', minRingSize: 9, maxRingSize: 8 },
      'maxRingSize must be a whole number from 9 to 8388608, not 8',
    ],
    ['x-user', 'ring_hash_experimental must be an object such as {}, not "x-user"'],
  ])('%j are refused', (json, sentence) => {
    expect(() => readRingHash(json)).toThrow(sentence)
  })
})
