import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { watchFiles } from '../../../services/echo/src/lookaside/watched-file.ts'
import { waitFor } from './wait-for.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenly-watched-'))
const opened: { close(): void }[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
  rmSync(folder, { recursive: true })
})

/** Puts the content where Kubernetes would: in a folder of its own to which a symbolic link then leads. */
function mount(name: string, content: string): void {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'file'), content)
  symlinkSync(join(folder, name), join(folder, 'next'))
  renameSync(join(folder, 'next'), join(folder, 'current'))
}

it('tells of a file that a mount has changed, and once of one that cannot be read', async () => {
  mount('first', 'one')
  const told: string[][] = []
  const problems: string[] = []
  const file = join(folder, 'current', 'file')
  opened.push(
    watchFiles(
      [file],
      ['one'],
      (contents) => told.push(contents),
      ({ message }) => problems.push(message),
    ),
  )
  mount('second', 'two')
  await waitFor(() => told.length > 0, 'the change')
  rmSync(join(folder, 'second', 'file'))
  await waitFor(() => problems.length > 0, 'the problem')
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(problems).toHaveLength(1)
  mount('third', 'two')
  await waitFor(() => told.length > 1, 'it to be back as it was')
  rmSync(join(folder, 'third', 'file'))
  await waitFor(() => problems.length > 1, 'the problem again')
  mount('fourth', 'three')
  await waitFor(() => told.length > 2, 'the next change')
  expect(told).toEqual([['two'], ['two'], ['three']])
})
