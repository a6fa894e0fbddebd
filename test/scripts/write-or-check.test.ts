import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { writeOrCheck } from '../../scripts/lib/write-or-check.ts'
import { inSurroundingsOfItsOwn } from '../support/in-process-cli.ts'

inSurroundingsOfItsOwn()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenly-generated-'))
  writeFileSync(join(folder, 'fresh'), 'a')
  writeFileSync(join(folder, 'stale'), 'a')
})
afterEach(() => rmSync(folder, { recursive: true }))

const files = { fresh: 'a', stale: 'b', 'new/one': 'c' }

it('writes what is stale or missing, and leaves the rest alone', () => {
  const before = statSync(join(folder, 'fresh')).mtimeMs
  writeOrCheck(folder, files, undefined)
  expect(Object.keys(files).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['a', 'b', 'c'])
  expect(statSync(join(folder, 'fresh')).mtimeMs).toBe(before)
  expect(process.exitCode).toBeUndefined()
})

it('only names it when it checks, and exits 1', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  writeOrCheck(folder, files, true)
  expect(readFileSync(join(folder, 'stale'), 'utf8')).toBe('a')
  expect(said.mock.calls.flat()).toEqual(
    ['stale', 'new/one'].map((name) => `${name} is stale: run npm run generate and commit the result.`),
  )
  expect(process.exitCode).toBe(1)
})

it('says nothing when all is fresh', () => {
  writeOrCheck(folder, { fresh: 'a' }, true)
  expect(process.exitCode).toBeUndefined()
})
