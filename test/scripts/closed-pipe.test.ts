import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const cli = join(import.meta.dirname, '../../scripts/evenly.ts')

it('a reader that has had enough, as head has, is no error', async () => {
  const evenly = spawn(process.execPath, [cli, 'check', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  evenly.stdout.destroy()
  const [[code], said] = await Promise.all([once(evenly, 'close'), text(evenly.stderr)])
  expect({ code, said }).toEqual({ code: 0, said: '' })
})
